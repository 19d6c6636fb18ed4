import { z } from 'zod'
import type { QualityRule } from '../document/document.ts'
import { NotSayable } from './row-condition.ts'

/** The operator of a rule and what it compares with. */
export type Operator = Pick<QualityRule, string>

const Limits = z.object({
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
  strict_min: z.boolean().nullish(),
  strict_max: z.boolean().nullish(),
})

/** The operators for `min_value` and `max_value`: one for both ends where both belong to it, else one for each. */
export function operatorsOf(kwargs: Record<string, unknown>, scale = 1): Operator[] {
  const { data } = Limits.safeParse(kwargs)
  if (!data) throw new NotSayable('its limits are no numbers')
  const low = data.min_value ?? undefined
  const high = data.max_value ?? undefined
  if (low !== undefined && high !== undefined && low < high && !data.strict_min && !data.strict_max) {
    return [{ mustBeBetween: [low * scale, high * scale] }]
  }
  const operators: Operator[] = []
  if (low !== undefined)
    operators.push({ [data.strict_min ? 'mustBeGreaterThan' : 'mustBeGreaterOrEqualTo']: low * scale })
  if (high !== undefined) operators.push({ [data.strict_max ? 'mustBeLessThan' : 'mustBeLessOrEqualTo']: high * scale })
  if (operators.length === 0) throw new NotSayable('it has no limits, so it asks for nothing')
  return operators
}
