import { demandName, demandSize, type SettingKind } from './routes/variables/scopes.ts'
import { type Permissions, SCOPES } from './scheduler/permissions.ts'
import { getUser } from './store/accounts.ts'
import type { Store } from './store/store.ts'

/** Refuses a repository that would belong to nobody. A person's own repository may come before the person. */
export function demandOwner(store: Store, fullName: string, owner: unknown): void {
  if (typeof owner !== 'string' || owner === '')
    throw new TypeError(`The repository ${fullName} needs an owner: createRepository(name, { owner: login }).`)
  if (owner === fullName.split('/')[0] || getUser({ store }, owner)?.type === 'User') return
  throw new TypeError(`Nobody is called ${owner}: createUser('${owner}') before ${fullName} is theirs.`)
}

/** Refuses a variable or secret that REST would not take, in its words. */
export function demandSetting(kind: SettingKind, name: unknown, value: unknown): void {
  if (typeof name !== 'string' || typeof value !== 'string')
    throw new TypeError(`${kind === 'variables' ? 'A variable' : 'A secret'} has a name and a value that are texts.`)
  demandName(kind, name)
  demandSize(kind, value)
}

/** Refuses permissions that no `permissions:` could state. */
export function demandPermissions(permissions: Permissions): void {
  for (const [scope, level] of Object.entries(permissions)) {
    if (!SCOPES.some((known) => known === scope))
      throw new TypeError(`There is no permission ${scope}: name some of ${SCOPES.join(', ')}.`)
    if (level !== 'read' && level !== 'write' && level !== 'none')
      throw new TypeError(`The permission ${scope} is read, write or none, not ${level}.`)
  }
}

/** Refuses a time that does not go on. */
export function demandForward(milliseconds: unknown): void {
  if (!(Number.isFinite(milliseconds) && Number(milliseconds) >= 0))
    throw new TypeError(`advance takes milliseconds from 0 on, not ${String(milliseconds)}: time only goes on.`)
}
