import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { LONGEST_NAME, NAME } from '../names.ts'
import { amountPattern, UNIT_NAMES } from './amount.ts'
import { METRIC_NAMES } from './metrics.ts'

export const text = z.string().min(1, 'must not be empty')

export const name = z
  .string()
  .regex(NAME, 'must be letters, digits, "-", "_" or "/", beginning and ending with a letter or a digit')
  .max(LONGEST_NAME, `must have at most ${LONGEST_NAME} characters`)

/** A path inside the repository: relative, without `..`, so that a model file cannot reach outside its checkout. */
export const path = text.refine(
  (value) => !/^(?:[\\/]|[a-zA-Z]:)/.test(value) && !value.split(/[\\/]/).includes('..'),
  {
    error: 'must be a path inside the repository: relative, without ".."',
  },
)
export const files = z.union([path, z.array(path).min(1, 'must name at least one file')], {
  error: 'must be a path or a list of paths',
})

/** The column with the truth, or several of them. */
export const label = z.union([text, z.array(text).min(2, 'must name at least two columns, or one without a list')], {
  error: 'must be a column or a list of columns',
})

/** What an amount must be, and what one may have meant that is not written so: `50 MB`, `2sec`. */
function mistakenAmount({ input }: { input?: unknown }): string {
  const [, value, unit] = /^(-?\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(String(input)) ?? []
  const known = unit && closest(unit, UNIT_NAMES)
  const meant = known && distance(unit, known) < unit.length ? ` (did you mean ${value}${known}?)` : ''
  return `must be a number, a percentage like "20%", a time like "5ms" or a size like "50MB"${meant}`
}

export const amount = z.union([z.number(), z.string().regex(amountPattern, { error: mistakenAmount })], {
  error: mistakenAmount,
})

/** A metric by its name: one that Modelyard knows, or one of the repository's own. */
export const metric = z.union([
  z.enum(METRIC_NAMES),
  z.templateLiteral([z.string(), z.enum(['_score', '_loss', '_error'])]),
])
