import type { Hub } from '../hub.ts'
import type { Permissions, Scope } from '../scheduler/permissions.ts'
import type { Repository, Role } from '../store/entities.ts'
import { covers, roleOf } from '../store/roles.ts'
import type { BOT } from '../store/store.ts'
import { ApiError, notFound } from './errors.ts'

/** Who asks. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'user'; login: string }
  | { kind: 'job'; login: typeof BOT; repo: number; run: number; job: number; permissions: Permissions }

export type Access = 'none' | Role

/**
 * Reads `Authorization`: a token as `token`, `Bearer`, or the password of `Basic`. A token nobody has is a 401, as is what
 * is written otherwise.
 */
export function authenticate(hub: Hub, header: string | undefined): Principal {
  const token = readToken(header)
  if (token === undefined) return { kind: 'anonymous' }
  const job = hub.jobTokens.get(token)
  if (job) return job
  const user = hub.store.users.find((row) => row.token === token && row.type === 'User')
  if (user) return { kind: 'user', login: user.login }
  throw new ApiError(401, 'Bad credentials')
}

function readToken(header = ''): string | undefined {
  const words = header.split(/\s+/).filter(Boolean)
  if (words.length === 0) return undefined
  const [scheme, value] = words
  const isKnown = /^(?:token|bearer|basic)$/i.test(scheme!)
  if (!isKnown || value === undefined || words.length > 2) throw new ApiError(401, 'Bad credentials')
  if (scheme!.toLowerCase() !== 'basic') return value
  const decoded = Buffer.from(value, 'base64').toString()
  return decoded.slice(decoded.indexOf(':') + 1)
}

export function access(hub: Hub, principal: Principal, repo: Repository): Access {
  const visible = repo.private ? 'none' : 'read'
  if (principal.kind === 'job') return principal.repo === repo.id ? 'write' : visible
  if (principal.kind === 'anonymous') return visible
  const role = roleOf(hub.store, repo, principal.login)
  return role === 'none' ? visible : role
}

/** Whether the asker has this role on a repository, or a higher one. */
export function may(hub: Hub, principal: Principal, repo: Repository, level: Role): boolean {
  return covers(access(hub, principal, repo), level)
}

/**
 * Refuses as GitHub does: 404 for what the asker cannot see, 401 for a write without a token, 403 for the rest, with
 * the permission that a job's token lacks in `x-accepted-github-permissions`. What is public a job reads without one.
 */
export function demand(
  hub: Hub,
  principal: Principal,
  repo: Repository,
  scope: string,
  level: Role,
  /** Some of what only administrators see is read nevertheless. */
  isRead = level === 'read',
): void {
  const granted = access(hub, principal, repo)
  if (granted === 'none') throw notFound()
  if (principal.kind === 'job' && principal.repo === repo.id) {
    const isOpen = level === 'read' && !repo.private && scope !== 'administration'
    if (!isOpen) demandScope(principal.permissions, scope, isRead ? 'read' : 'write')
  } else if (!covers(granted, level)) throw refusal(principal, level)
  if (!isRead && repo.settings.archived) throw new ApiError(403, 'Repository was archived so is read-only.')
}

/** Refuses who has no token, and a job without the permission to read, where it does not help that all is public. */
export function demandToken(principal: Principal, repo: Repository, scope: string): void {
  actor(principal)
  if (principal.kind === 'job' && principal.repo === repo.id) demandScope(principal.permissions, scope, 'read')
}

function refusal(principal: Principal, level: Role): ApiError {
  if (principal.kind === 'anonymous') return new ApiError(401, 'Requires authentication')
  if (principal.kind === 'job') return new ApiError(403, 'Resource not accessible by integration')
  if (level === 'admin') return new ApiError(403, 'Must have admin rights to Repository.')
  return new ApiError(403, 'Resource not accessible by personal access token')
}

// Every token may read what every repository says of itself.
function demandScope(permissions: Permissions, scope: string, level: 'read' | 'write'): void {
  if (scope === 'metadata') return
  // `issues=write; pull_requests=write`: any one of them will do.
  const scopes = scope.split('|')
  const allowed = scopes.some((name) => {
    const given = permissions[name as Scope]
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
