import type { User } from '../store/entities.ts'
import type { Store } from '../store/store.ts'

const HOST = '@users.noreply.github.com'

/** How GitHub names itself where it commits. */
export const GITHUB = { name: 'GitHub', email: 'noreply@github.com' }

/** An account as git names it, at the address under which GitHub hides its own. */
export function personNamed(store: Store, login: string): { name: string; email: string } {
  const id = store.users.find((row) => row.login === login)?.id
  return { name: login, email: `${id === undefined ? '' : `${id}+`}${login}${HOST}` }
}

/** Whose address it is: `<id>+<login>`, or the login alone, as GitHub once gave it. */
export function accountAt(store: Store, email: string): User | undefined {
  if (!email.endsWith(HOST)) return undefined
  const [, id, login] = /^(?:(\d+)\+)?(.*)$/s.exec(email.slice(0, -HOST.length))!
  return id === undefined ? store.users.find((row) => row.login === login) : store.users.get(Number(id))
}
