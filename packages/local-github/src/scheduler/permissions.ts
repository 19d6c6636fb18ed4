import type { Hub } from '../hub.ts'
import { actionsSettings } from '../store/actions-settings.ts'

/** What `permissions:` can grant. */
export const SCOPES = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
] as const

export type Scope = (typeof SCOPES)[number]

type Level = 'read' | 'write' | 'none'

/** A missing scope is `none`. */
export type Permissions = Partial<Record<Scope, Level>>

const entriesOf = (permissions: Permissions) => Object.entries(permissions) as [Scope, Level][]

/** What jobs that state nothing may, by the repository's settings: the restricted default, or the permissive one. */
export function defaultPermissions(level: 'read' | 'write'): Permissions {
  return level === 'read' ? { contents: 'read', packages: 'read' } : { ...expand('write-all'), 'id-token': 'none' }
}

/** The same by the settings of a repository. */
export function defaultsFor(hub: Hub, repo: number): Permissions {
  return defaultPermissions(actionsSettings(hub.store, repo).default_workflow_permissions)
}

/** What a `permissions:` grants; undefined where there is none. */
export function statedPermissions(stated: unknown): Permissions | undefined {
  return stated === undefined ? undefined : expand(stated)
}

/**
 * What a job's token may do: exactly its `permissions:`, else the workflow's, else what is left to it. A fork's pull
 * request never gets more than to read.
 */
export function jobPermissions(job: unknown, workflow: unknown, fork: boolean, otherwise: Permissions): Permissions {
  const granted = statedPermissions(job ?? workflow) ?? otherwise
  if (!fork) return granted
  const capped = entriesOf(granted).map(([scope, level]) => [scope, level === 'write' ? 'read' : level] as const)
  return { ...Object.fromEntries(capped), ...('id-token' in granted ? { 'id-token': 'none' } : {}) }
}

/**
 * What a called workflow asks for beyond what the calling job may, as GitHub's sentence; undefined where that is
 * nothing. Jobs that never run count as well.
 */
export function excessOf(
  { raw, jobs }: { raw: Record<string, unknown>; jobs: Record<string, Record<string, unknown>> },
  allowed: Permissions,
): string | undefined {
  const asking = [
    ['The workflow', raw.permissions] as const,
    ...Object.entries(jobs).map(([key, job]) => [`The nested job '${key}'`, job.permissions] as const),
  ]
  for (const [who, stated] of asking) {
    const excess = entriesOf(statedPermissions(stated) ?? {}).filter(
      ([scope, level]) => RANKS[level] > RANKS[allowed[scope] ?? 'none'],
    )
    if (excess.length === 0) continue
    const requested = excess.map(([scope, level]) => `${scope}: ${level}`).join(', ')
    const given = excess.map(([scope]) => `${scope}: ${allowed[scope] ?? 'none'}`).join(', ')
    return `${who} is requesting '${requested}', but is only allowed '${given}'.`
  }
  return undefined
}

const RANKS = { none: 0, read: 1, write: 2 }

function expand(stated: unknown): Permissions {
  if (stated === 'read-all' || stated === 'write-all') {
    const level = stated === 'read-all' ? 'read' : 'write'
    const all = SCOPES.map((scope) => [scope, scope === 'id-token' && level === 'read' ? 'none' : level])
    return { ...Object.fromEntries(all), models: 'read' }
  }
  return { ...(stated as Permissions | null) }
}
