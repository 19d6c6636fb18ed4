/** Where two answers to the same request differ. */
export interface Difference {
  /** The request, and the path inside its answer: `list labels: [0].color`. */
  at: string
  theirs: string
  ours: string
}

/** An answer, reduced to what can be held against another's. */
export interface Answer {
  status: number
  body: unknown
}

/** What differs between servers without meaning anything: identities, times, and where avatars lie. */
const INCIDENTAL =
  /(^|_)(id|at|date|etag|request_id|gravatar_id)$|^(avatar_url|documentation_url|size|disk_usage|type_of_account|tree_id)$/

/** What the recordings put in place of every count. */
const ANY_COUNT = 42

/**
 * What the other server says and ours does not, or says otherwise. What ours says beyond that is held against GitHub's
 * description elsewhere.
 */
export function compareAnswers(name: string, theirs: Answer, ours: Answer): Difference[] {
  if (theirs.status !== ours.status) return [{ at: `${name}: status`, theirs: said(theirs), ours: said(ours) }]
  return compare(name, [], theirs.body, ours.body)
}

function compare(name: string, path: string[], theirs: unknown, ours: unknown): Difference[] {
  const at = `${name}: ${path.join('.') || 'body'}`
  if (isObject(theirs) && isObject(ours)) {
    return Object.entries(theirs).flatMap(([key, value]) => {
      if (INCIDENTAL.test(key))
        return key in ours ? [] : [{ at: `${at}.${key}`, theirs: brief(value), ours: 'missing' }]
      if (!(key in ours)) return [{ at: `${at}.${key}`, theirs: brief(value), ours: 'missing' }]
      return compare(name, [...path, key], value, ours[key])
    })
  }
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length !== ours.length) return [{ at, theirs: `${theirs.length} items`, ours: `${ours.length} items` }]
    return theirs.flatMap((item, index) => compare(name, [...path, String(index)], item, ours[index]))
  }
  if (theirs === ANY_COUNT && typeof ours === 'number') return []
  return normal(theirs) === normal(ours) ? [] : [{ at, theirs: brief(theirs), ours: brief(ours) }]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Addresses without their host, ids and names of objects. */
function normal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return value
    .replace(/^git@[^:]+:(\d+:)?/, '/')
    .replace(/\btmp-scenario-([a-z-]+)-\d+-\w+/, '$1')
    .replace(/\buntagged-\w+/, 'untagged-<id>')
    .replace(/#issuecomment-\d+/, '#issuecomment-<id>')
    .replace(/^(https?|git):\/\/[^/]+(\/api\/(v3|uploads))?/, '')
    .replace(/\/\d{1,20}(?=\/|\{|$)/g, '/<id>')
    .replace(/^\d+(?=\+\S+@)/, '<id>')
    .replace(/\b[0-9a-f]{7,40}\b/g, '<sha>')
}

function brief(value: unknown): string {
  const text = normal(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function said({ status, body }: Answer): string {
  const message = isObject(body) && status >= 400 ? body.message : undefined
  return message === undefined ? String(status) : `${status} ${brief(message)}`
}
