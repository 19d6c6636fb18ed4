interface DeclaredInput {
  type?: string
  required?: boolean
  default?: string | boolean | number
  options?: string[]
}

export type InputValues = Record<string, string | boolean | number>

/** The typed values of a dispatch (from the file itself: GitHub's parser drops `type: number`), or the sentence of GitHub's 422. */
export function readDispatchInputs(
  declared: Record<string, DeclaredInput | null>,
  given: Record<string, unknown>,
): { ok: true; values: InputValues } | { ok: false; message: string } {
  const unexpected = Object.keys(given).filter((name) => !(name in declared))
  if (unexpected.length) return { ok: false, message: `Unexpected inputs provided: ${JSON.stringify(unexpected)}` }
  const values: InputValues = {}
  for (const [name, declaration] of Object.entries(declared)) {
    const { type, required, default: fallback, options } = declaration ?? {}
    const value = given[name]
    if ((value === undefined || value === '') && required && fallback === undefined) {
      return { ok: false, message: `Required input '${name}' not provided` }
    }
    const text = String(value ?? fallback ?? (type === 'boolean' ? false : ''))
    if (type === 'choice' && options && !options.includes(text)) {
      return { ok: false, message: `Provided value '${text}' for input '${name}' not in the list of allowed values` }
    }
    if (type === 'boolean' && text !== 'true' && text !== 'false') {
      return { ok: false, message: `Provided value '${text}' for input '${name}' is not a boolean` }
    }
    values[name] = type === 'boolean' ? text === 'true' : type === 'number' ? Number(text) : text
  }
  return { ok: true, values }
}
