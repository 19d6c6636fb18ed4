import type { Clock } from './clock.ts'
import type { Repository, Setting, SettingScope } from './entities.ts'
import type { Store, Table } from './store.ts'

/** What a job sees as `vars`: its repository's go before the organization's, the environment's before both. */
export function variablesFor(store: Store, repo: Repository, environment?: string): Record<string, string> {
  return seen(store.variables.filter(visibleTo(repo, environment)))
}

/** The same of `secrets`, in plain text; GITHUB_TOKEN is not among them. */
export function secretsFor(store: Store, repo: Repository, environment?: string): Record<string, string> {
  return seen(store.secrets.filter(visibleTo(repo, environment)))
}

/** Whether an organization shows one of its settings to a repository. */
export function isShown({ visibility, selected }: Setting, repo: Repository): boolean {
  if (visibility === 'selected') return selected?.includes(repo.id) ?? false
  return visibility === 'all' || repo.private
}

const visibleTo = (repo: Repository, environment: string | undefined) => (row: Setting) =>
  row.organization !== undefined
    ? row.organization === repo.owner && isShown(row, repo)
    : row.repo === repo.id && (row.environment === undefined || sameName(row.environment, environment))

/** The widest scope first, so that a narrower one replaces it. */
function seen(rows: readonly Setting[]): Record<string, string> {
  const width = (row: Setting) => (row.organization !== undefined ? 0 : row.environment === undefined ? 1 : 2)
  return Object.fromEntries([...rows].sort((a, b) => width(a) - width(b)).map(({ name, value }) => [name, value]))
}

const sameName = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()

/** Writes a variable or secret, anew or over the one of that name; the latter keeps who sees it unless it is told. */
export function saveSetting(
  { clock }: { clock: Clock },
  table: Table<Setting>,
  given: SettingScope & Pick<Setting, 'name' | 'value' | 'visibility' | 'selected'>,
): { row: Setting; isNew: boolean } {
  const name = given.name.toUpperCase()
  const known = findSetting(table, given, name)
  if (known) return { row: table.update(known, { ...given, name, updatedAt: clock.now() }), isNew: false }
  return { row: table.insert({ ...given, name, createdAt: clock.now(), updatedAt: clock.now() }), isNew: true }
}

export function findSetting(table: Table<Setting>, scope: SettingScope, name: string): Setting | undefined {
  return table.find((row) => row.name === name.toUpperCase() && isOf(scope)(row))
}

/** Whether a row belongs to exactly this organization, repository or environment. */
export const isOf = (scope: SettingScope) => (row: SettingScope) =>
  row.organization === scope.organization &&
  row.repo === scope.repo &&
  (row.environment === undefined ? scope.environment === undefined : sameName(row.environment, scope.environment))
