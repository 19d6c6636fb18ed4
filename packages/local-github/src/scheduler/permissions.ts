export type Permissions = Record<string, 'read' | 'write' | 'none'>

const SCOPES = [
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
]

/**
 * What a job's token may do: exactly its `permissions:`, else the workflow's, else the restricted default of new
 * repositories. A fork's pull request never gets more than to read.
 */
export function jobPermissions(job: unknown, workflow: unknown, fork: boolean): Permissions {
  const stated = job ?? workflow
  const granted: Permissions = stated === undefined ? { contents: 'read', packages: 'read' } : expand(stated)
  if (!fork) return granted
  const capped = Object.entries(granted).map(([scope, level]) => [scope, level === 'write' ? 'read' : level] as const)
  return { ...Object.fromEntries(capped), ...('id-token' in granted ? { 'id-token': 'none' } : {}) }
}

function expand(stated: unknown): Permissions {
  if (stated === 'read-all' || stated === 'write-all') {
    const level = stated === 'read-all' ? 'read' : 'write'
    return Object.fromEntries(SCOPES.map((scope) => [scope, scope === 'id-token' && level === 'read' ? 'none' : level]))
  }
  return { ...(stated as Permissions | null) }
}
