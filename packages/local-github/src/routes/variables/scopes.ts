import { type Ctx, repoOf } from '../../http/app.ts'
import { demandToken } from '../../http/auth.ts'
import { notFound, unprocessable } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import type { Hub } from '../../hub.ts'
import type { Repository, SettingScope } from '../../store/entities.ts'

export type SettingKind = 'variables' | 'secrets'

/** A place that has variables and secrets of its own. */
export interface SettingPlace {
  path: string
  /** How many of each it holds at most. */
  limits: Record<SettingKind, number>
  /** Refuses who may not do that with them. */
  scopeOf: (hub: Hub, c: Ctx, kind: SettingKind, to: 'read-key' | 'manage') => SettingScope
}

export const ORGANIZATION: SettingPlace = {
  path: '/orgs/:org/actions',
  limits: { variables: 1000, secrets: 1000 },
  scopeOf: (hub, c, kind) => {
    const organization = organizationOf(hub, c)
    const refusal = `You must be an org admin or have the actions ${kind} fine-grained permission.`
    demandMember(hub, c, organization, 'owner', refusal)
    return { organization: organization.login }
  },
}

export const REPOSITORY: SettingPlace = {
  path: '/repos/:owner/:repo/actions',
  limits: { variables: 500, secrets: 100 },
  scopeOf: (hub, c, kind, to) => ({ repo: repositoryOf(hub, c, kind, to).id }),
}

export const ENVIRONMENT: SettingPlace = {
  path: '/repos/:owner/:repo/environments/:environment',
  limits: { variables: 100, secrets: 100 },
  scopeOf: (hub, c, kind, to) => {
    const repo = repositoryOf(hub, c, kind, to)
    const wanted = c.req.param('environment')!.toLowerCase()
    const environment = hub.store.environments.find((row) => row.repo === repo.id && row.name.toLowerCase() === wanted)
    if (!environment) throw notFound()
    return { repo: repo.id, environment: environment.name }
  },
}

/** No permission of a workflow's token covers variables or secrets: it only gets them as contexts. */
export function repositoryOf(hub: Hub, c: Ctx, kind: SettingKind, to: 'read-key' | 'manage'): Repository {
  const scope = kind === 'variables' ? 'actions_variables' : 'secrets'
  const repo = repoOf(hub, c, scope, to === 'read-key' ? 'read' : 'write')
  demandToken(c.get('by'), repo, scope)
  return repo
}

/** Refuses a name that no context could have. */
export function demandName(kind: SettingKind, name: string): void {
  const noun = kind === 'variables' ? 'Variable' : 'Secret'
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw unprocessable(`${noun} ${NAMES}`)
  if (/^github_/i.test(name)) throw unprocessable(`${noun} names must not start with GITHUB_.`)
}

const NAMES =
  'names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. ' +
  'Must start with a letter ([a-z], [A-Z]) or underscores (_).'

/** The most bytes of a value. */
const LONGEST = 48 * 1024

export function demandSize(kind: SettingKind, value: string): void {
  const noun = kind === 'variables' ? 'Variable' : 'Secret'
  if (Buffer.byteLength(value) > LONGEST) throw unprocessable(`${noun} value exceeds the limit of 48 KB.`)
}
