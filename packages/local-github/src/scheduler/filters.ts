import { matchesPatterns } from './patterns.ts'
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

/** What of a pull request is heard where no `types:` say otherwise; of every other event all is. */
const OF_PULLS = ['opened', 'synchronize', 'reopened']
const DEFAULT_TYPES: Record<string, string[]> = { pull_request: OF_PULLS, pull_request_target: OF_PULLS }

/** GitHub looks at no more changed files. */
const MAX_PATHS = 300

/** What of a commit's message keeps runs of `push` and `pull_request` from being made. */
const SKIP = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|\n\nskip-checks: ?true\s*$/

/** Whether the message of its head commit keeps an event from starting runs. */
export function isSkipped(event: string, message: string): boolean {
  return (event === 'push' || event === 'pull_request') && SKIP.test(message)
}

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
  return matchesPaths(filters, (await facts.paths()).slice(0, MAX_PATHS))
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
