import type { WorkflowFile } from './workflow-file.ts'

/** What the filters of `on:` look at. */
export interface TriggerFacts {
  event: string
  /** `opened`, `published`, …: the `action` of the payload. */
  action?: string | undefined
  /** The full ref of a push; the base branch's of a pull request; the head branch's of a workflow run. */
  ref: string
  /** Changed paths, asked for only when a filter needs them. */
  paths: () => Promise<string[]>
  /** Name of the workflow whose run this is about (`workflow_run`). */
  workflow?: string
}

const DEFAULT_TYPES: Record<string, string[]> = { pull_request: ['opened', 'synchronize', 'reopened'] }

type Filters = Partial<
  Record<
    'types' | 'branches' | 'branches-ignore' | 'tags' | 'tags-ignore' | 'paths' | 'paths-ignore' | 'workflows',
    string[]
  >
>

/** Does this workflow want this event? */
export async function matchesTrigger(workflow: WorkflowFile, facts: TriggerFacts): Promise<boolean> {
  if (!(facts.event in workflow.events)) return false
  const filters = (workflow.events[facts.event] ?? {}) as Filters
  const types = filters.types ?? DEFAULT_TYPES[facts.event]
  if (facts.action !== undefined && types && !types.includes(facts.action)) return false
  if (filters.workflows && !matchesPatterns(filters.workflows, facts.workflow ?? '')) return false
  if (!matchesRef(filters, facts)) return false
  if (facts.ref.startsWith('refs/tags/') || !(filters.paths || filters['paths-ignore'])) return true
  return matchesPaths(filters, await facts.paths())
}

function matchesRef(filters: Filters, { event, ref }: TriggerFacts): boolean {
  const asked = (key: 'branches' | 'tags') => filters[key] || filters[`${key}-ignore`]
  const test = (key: 'branches' | 'tags', name: string) => {
    if (filters[key]) return matchesPatterns(filters[key], name)
    return !matchesPatterns(filters[`${key}-ignore`]!, name)
  }
  if (ref.startsWith('refs/heads/')) {
    if (asked('branches')) return test('branches', ref.slice('refs/heads/'.length))
    return event !== 'push' || !asked('tags')
  }
  if (ref.startsWith('refs/tags/') && event === 'push') {
    if (asked('tags')) return test('tags', ref.slice('refs/tags/'.length))
    return !asked('branches')
  }
  return true
}

function matchesPaths(filters: Filters, paths: string[]): boolean {
  if (filters.paths) return paths.some((path) => matchesPatterns(filters.paths!, path))
  return paths.some((path) => !matchesPatterns(filters['paths-ignore']!, path))
}

/** The last pattern that matches decides; `!` takes back. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!')
    if (toRegExp(negative ? pattern.slice(1) : pattern).test(name)) matched = !negative
  }
  return matched
}

/** GitHub's filter patterns: `*` within a path part, `**` across, `?` and `+` repeat what stands before, `[a-z]`. */
export function toRegExp(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?'
      at += 2
    } else if (pattern.startsWith('**', at)) {
      source += '.*'
      at += 1
    } else if (char === '*') source += '[^/]*'
    else if (char === '?' || char === '+') source += char
    else if (char === '\\') source += `\\${pattern[++at] ?? '\\'}`
    else if (char === '[' && pattern.indexOf(']', at) > at) {
      const end = pattern.indexOf(']', at)
      source += pattern.slice(at, end + 1)
      at = end
    } else source += char.replace(/[.^${}()|/]/, '\\$&')
  }
  return new RegExp(`^${source}$`)
}
