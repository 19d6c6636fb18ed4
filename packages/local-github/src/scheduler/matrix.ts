type Values = Record<string, unknown>

/** One of a matrix, with the values by which its job is named: not those that an `include` added to it. */
export interface Combination {
  values: Values
  shown: readonly unknown[]
}

export const MAX_MATRIX_JOBS = 256
/** More than this is not multiplied out: no `exclude` brings it down in sight. */
const MAX_PRODUCT = 100_000

/**
 * A matrix (already evaluated) as its combinations, by GitHub's rules: the product of the axes, minus `exclude`, plus
 * `include`: an entry extends every combination whose axis values it does not change, else it is one of its own.
 */
export function expandMatrix(matrix: Record<string, unknown>): Combination[] {
  const { include = [], exclude = [], ...axes } = matrix
  const names = Object.keys(axes)
  let product: Values[] = names.length ? [{}] : []
  for (const name of names) {
    const values = axes[name]
    if (!Array.isArray(values)) throw new Error(`The matrix value '${name}' is not a list.`)
    product = product.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })))
    if (product.length > MAX_PRODUCT) break
  }
  const combinations = product
    .filter((values) => !list(exclude).some((entry) => agrees(values, entry)))
    .map((values) => ({ values: { ...values }, shown: Object.values(values), original: values }))
  const added: Combination[] = []
  for (const entry of list(include)) {
    const own = Object.fromEntries(Object.entries(entry).filter(([key]) => names.includes(key)))
    const targets = combinations.filter(({ original }) => agrees(original, own))
    if (targets.length === 0) added.push({ values: { ...entry }, shown: Object.values(entry) })
    for (const { values } of targets) Object.assign(values, entry)
  }
  const all = [...combinations.map(({ values, shown }) => ({ values, shown })), ...added]
  if (all.length > MAX_MATRIX_JOBS)
    throw new Error(`The matrix makes ${all.length} jobs; ${MAX_MATRIX_JOBS} are allowed.`)
  return all
}

function list(value: unknown): Values[] {
  if (!Array.isArray(value)) throw new Error('The include and exclude of a matrix are lists.')
  return value as Values[]
}

function agrees(combination: Values, entry: Values): boolean {
  return Object.entries(entry).every(([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value))
}

const MAX_NAME = 100

/** `train (linux, 3)`: how GitHub names a job of a matrix that names itself no better. */
export function matrixJobName(name: string, shown: readonly unknown[]): string {
  const values = scalars(shown).map(String).filter(Boolean)
  const whole = values.length ? `${name} (${values.join(', ')})` : name
  return whole.length > MAX_NAME ? `${whole.slice(0, MAX_NAME - 3)}...` : whole
}

function scalars(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return value === null ? [] : [value]
  return Object.values(value).flatMap(scalars)
}
