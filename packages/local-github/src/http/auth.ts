import type { Hub } from '../hub.ts'
import type { Permissions } from '../scheduler/permissions.ts'
import type { Repository, User } from '../store/entities.ts'
import type { BOT } from '../store/store.ts'
import { ApiError, notFound } from './errors.ts'

/** Who asks. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'user'; login: string }
  | { kind: 'job'; login: typeof BOT; repo: number; run: number; job: number; permissions: Permissions }

export type Access = 'none' | 'read' | 'write' | 'admin'

/** Reads `Authorization`: a token as `token`, `Bearer`, or the password of `Basic`. A token nobody has is a 401. */
export function authenticate(hub: Hub, header: string | undefined): Principal {
  const token = readToken(header)
  if (token === undefined) return { kind: 'anonymous' }
  const job = hub.jobTokens.get(token)
  if (job) return job
  const user = hub.store.users.find((row) => row.token === token && row.type === 'User')
  if (user) return { kind: 'user', login: user.login }
  throw new ApiError(401, 'Bad credentials')
}

function readToken(header: string | undefined): string | undefined {
  const [scheme, value] = header?.trim().split(/\s+/) ?? []
  if (!scheme || !value) return undefined
  if (scheme.toLowerCase() !== 'basic') return value
  const decoded = Buffer.from(value, 'base64').toString()
  return decoded.slice(decoded.indexOf(':') + 1)
}

export function access(principal: Principal, repo: Repository): Access {
  const visible = repo.private ? 'none' : 'read'
  if (principal.kind === 'job') return principal.repo === repo.id ? 'write' : visible
  if (principal.kind === 'anonymous') return visible
  if (principal.login === repo.owner || repo.admins.includes(principal.login)) return 'admin'
  return repo.collaborators.includes(principal.login) ? 'write' : visible
}

/**
 * Refuses as GitHub does: 404 for what the asker cannot see, 401 for a write without a token, 403 for the rest, with
 * the permission that a job's token lacks in `x-accepted-github-permissions`.
 */
export function demand(principal: Principal, repo: Repository, scope: string, level: 'read' | 'write'): void {
  const granted = access(principal, repo)
  if (granted === 'none') throw notFound()
  if (principal.kind === 'job' && principal.repo === repo.id) {
    demandScope(principal.permissions, scope, level)
    return
  }
  if (level === 'read' || granted === 'write' || granted === 'admin') return
  if (principal.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
  throw new ApiError(
    403,
    `Resource not accessible by ${principal.kind === 'job' ? 'integration' : 'personal access token'}`,
  )
}

// Every token may read what every repository says of itself.
function demandScope(permissions: Permissions, scope: string, level: 'read' | 'write'): void {
  if (scope === 'metadata') return
  // `issues=write; pull_requests=write`: any one of them will do.
  const scopes = scope.split('|')
  const allowed = scopes.some((name) => {
    const given = permissions[name]
    return given === 'write' || (level === 'read' && given === 'read')
  })
  if (allowed) return
  const accepted = scopes.map((name) => `${name.replace('-', '_')}=${level}`).join('; ')
  throw new ApiError(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': accepted },
  })
}

/** The login that acts; 401 where GitHub asks for one. */
export function actor(principal: Principal): string {
  if (principal.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
  return principal.login
}

export function getUser(hub: Hub, login: string): User | undefined {
  return hub.store.users.find((row) => row.login.toLowerCase() === login.toLowerCase())
}
