type Combination = Record<string, unknown>

export const MAX_MATRIX_JOBS = 256

/**
 * A matrix (already evaluated) as its combinations, by GitHub's rules: the product of the axes, minus `exclude`, plus
 * `include`: an entry extends every combination whose axis values it does not change, else it is one of its own.
 */
export function expandMatrix(matrix: Record<string, unknown>): Combination[] {
  const { include = [], exclude = [], ...axes } = matrix
  const names = Object.keys(axes)
  let product: Combination[] = names.length ? [{}] : []
  for (const name of names) {
    const values = axes[name]
    if (!Array.isArray(values)) throw new Error(`The matrix value '${name}' is not a list.`)
    product = product.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })))
  }
  product = product.filter((combination) => !list(exclude).some((entry) => agrees(combination, entry)))
  const originals = product.map((combination) => ({ ...combination }))
  const added: Combination[] = []
  for (const entry of list(include)) {
    const own = Object.fromEntries(Object.entries(entry).filter(([key]) => names.includes(key)))
    const targets = product.filter((_, index) => agrees(originals[index]!, own))
    if (targets.length === 0) added.push({ ...entry })
    for (const target of targets) Object.assign(target, entry)
  }
  const all = [...product, ...added]
  if (all.length > MAX_MATRIX_JOBS)
    throw new Error(`The matrix makes ${all.length} jobs; ${MAX_MATRIX_JOBS} are allowed.`)
  return all
}

function list(value: unknown): Combination[] {
  if (!Array.isArray(value)) throw new Error('The include and exclude of a matrix are lists.')
  return value as Combination[]
}

function agrees(combination: Combination, entry: Combination): boolean {
  return Object.entries(entry).every(([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value))
}

/** `train (linux, 3)`: how GitHub names a job of a matrix that names itself no better. */
export function matrixJobName(name: string, combination: Combination): string {
  const values = Object.values(combination).map((value) =>
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  )
  return values.length ? `${name} (${values.join(', ')})` : name
}
