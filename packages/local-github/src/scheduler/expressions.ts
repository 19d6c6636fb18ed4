import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import { splitTemplate } from './template.ts'

/** Contexts by name: plain JSON values. */
export type Contexts = Record<string, unknown>

/** What `success()`, `failure()`, `always()` and `cancelled()` answer. */
export interface StatusAnswers {
  success: boolean
  failure: boolean
  cancelled: boolean
}

type FunctionDefinition =
  NonNullable<ConstructorParameters<typeof Evaluator>[2]> extends Map<string, infer F> ? F : never

/** Evaluates one expression (without its `${{ }}`) with GitHub's own parser and evaluator. */
export function evaluate(expression: string, contexts: Contexts, status?: StatusAnswers): data.ExpressionData {
  const functions = statusFunctions(status)
  const parsed = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse()
  return new Evaluator(
    parsed,
    toData(contexts) as data.Dictionary,
    new Map(functions.map((f) => [f.name, f])),
  ).evaluate()
}

/**
 * The value of a workflow text: a text that is one expression keeps its type, anything around it makes a string.
 */
export function evaluateTemplate(text: string, contexts: Contexts): unknown {
  const parts = splitTemplate(text)
  const [first] = parts
  if (parts.length === 1 && first?.kind === 'expression') return toPlain(evaluate(first.text, contexts))
  return parts
    .map(({ kind, text }) => (kind === 'expression' ? evaluate(text, contexts).coerceString() : text))
    .join('')
}

/** Every text inside a YAML value, evaluated. */
export function evaluateDeep(value: unknown, contexts: Contexts): unknown {
  if (typeof value === 'string') return evaluateTemplate(value, contexts)
  if (Array.isArray(value)) return value.map((item) => evaluateDeep(item, contexts))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(evaluateTemplate(key, contexts)), evaluateDeep(item, contexts)]),
  )
}

const STATUS_FUNCTION = /\b(success|failure|always|cancelled)\s*\(/i

/** A job's `if`: `success() && (…)` unless it asks for a status itself. */
export function evaluateCondition(condition: unknown, contexts: Contexts, status: StatusAnswers): boolean {
  if (condition === undefined || condition === null || condition === '') return status.success
  const text = String(condition).trim()
  const parts = splitTemplate(text)
  const whole = parts.length === 1 && parts[0]!.kind === 'expression'
  const mixed = !whole && parts.some(({ kind }) => kind === 'expression')
  // `if: ${{ a }} == b` is a text for GitHub, and a text that is not empty is true.
  const expression = whole ? parts[0]!.text : mixed ? `'${text.replaceAll("'", "''")}'` : text
  if (!STATUS_FUNCTION.test(expression) && !status.success) return false
  return isTruthy(evaluate(expression, contexts, status))
}

export function isTruthy(value: data.ExpressionData): boolean {
  const plain = toPlain(value)
  return plain !== null && plain !== false && plain !== 0 && plain !== '' && !Number.isNaN(plain)
}

export function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver)
}

export function toPlain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer))
}

function statusFunctions(status?: StatusAnswers): FunctionDefinition[] {
  if (!status) return []
  const answers = { ...status, always: true }
  return Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }))
}
