import { createRequire } from 'node:module'
import { type Answer, compareAnswers, type Difference } from './compare.ts'

/** One exchange with GitHub, as @octokit/fixtures recorded it. */
interface Recorded {
  method: string
  scope: string
  path: string
  status: number
  body: unknown
  reqheaders: Record<string, string>
  response: unknown
}

const require = createRequire(import.meta.url)

export function readRecording(scenario: string): Recorded[] {
  return require(`@octokit/fixtures/scenarios/api.github.com/${scenario}/normalized-fixture.json`) as Recorded[]
}

export interface Server {
  apiUrl: string
  uploadUrl: string
  /** Of the two who speak in the recordings. */
  tokens: readonly [string, string]
}

/**
 * Says to our server what was said to GitHub and compares the answers. What both
 * name in the same place of an answer is taken for each other's from then on.
 */
export async function replay(scenario: string, server: Server, known: Record<string, string>): Promise<Difference[]> {
  const ours = new Map(Object.entries(known))
  const differences: Difference[] = []
  for (const recorded of readRecording(scenario)) {
    const answer = await say(recorded, server, ours)
    if (recorded.status < 300) learn(recorded.response, answer.body, ours)
    const name = `${scenario}: ${recorded.method.toUpperCase()} ${recorded.path}`
    differences.push(...compareAnswers(name, { status: recorded.status, body: recorded.response }, answer))
  }
  return differences
}

/** Names of theirs in an address or body, `releases/1000` or an object's name of zeros, as ours. */
function translate(text: string, ours: Map<string, string>): string {
  return text.replace(/\b(?:([a-z_]+\/)\d{4}|0{30,}\d+)\b/g, (name, collection = '') => {
    const own = ours.get(name)
    return own === undefined ? name : `${collection}${own}`
  })
}

async function say(
  { method, scope, path, body, reqheaders }: Recorded,
  server: Server,
  ours: Map<string, string>,
): Promise<Answer> {
  const base = scope.includes('uploads.') ? server.uploadUrl : server.apiUrl
  const token = server.tokens[reqheaders.authorization?.endsWith('2') ? 1 : 0]
  const isText = typeof body === 'string'
  const sent = isText ? body : translate(JSON.stringify(body), ours)
  const headers = {
    ...{ accept: reqheaders.accept ?? '*/*', authorization: `token ${token}` },
    'content-type': isText ? 'text/plain' : 'application/json',
  }
  const response = await fetch(`${base}${translate(path, ours)}`, {
    ...{ method: method.toUpperCase(), redirect: 'manual', headers },
    ...(sent ? { body: sent } : {}),
  })
  const said = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, body: isJson && said ? JSON.parse(said) : said }
}

/** Two objects in the same place of an answer are each other's: their addresses end in their names. */
function learn(theirs: unknown, body: unknown, ours: Map<string, string>): void {
  if (typeof theirs !== 'object' || typeof body !== 'object' || theirs === null || body === null) return
  const { url } = theirs as { url?: unknown }
  const { id } = body as { id?: unknown }
  const [name] = /[a-z_]+\/\d{4}$/.exec(String(url)) ?? []
  if (name !== undefined && id !== undefined) ours.set(name, String(id))
  for (const [key, value] of Object.entries(theirs)) learn(value, (body as Record<string, unknown>)[key], ours)
}
