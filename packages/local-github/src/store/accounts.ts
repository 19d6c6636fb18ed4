import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { User } from './entities.ts'
import type { Store } from './store.ts'

interface Accounts {
  store: Store
  clock: Clock
}

/** A person, a bot or an organization; logins do not differ by their case. */
export function getUser({ store }: Pick<Accounts, 'store'>, login: string): User | undefined {
  return store.users.find((row) => row.login.toLowerCase() === login.toLowerCase())
}

/** A new person with a token. */
export function createUser({ store, clock }: Accounts, login: string): User {
  const token = `ghp_${randomBytes(18).toString('hex')}`
  return store.users.insert({ login, type: 'User', token, createdAt: clock.now() })
}

/** The account of a name; where there is none yet, an organization that the person owns. */
export function ensureAccount(accounts: Accounts, login: string, person: string): User {
  const known = getUser(accounts, login)
  if (known) return known
  if (login === person) return createUser(accounts, login)
  const { users, memberships } = accounts.store
  const organization = users.insert({ login, type: 'Organization', token: '', createdAt: accounts.clock.now() })
  memberships.insert({ organization: login, user: person, role: 'admin', state: 'active' })
  return organization
}
