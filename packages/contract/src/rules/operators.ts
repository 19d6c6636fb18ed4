import type { QualityRule } from '../document/document.ts'

/** What a rule compares its measurement with. Nothing but a number or a boolean satisfies one: null and NaN never do. */
export interface Operator {
  /** The end of a sentence: "at most 5". */
  words: string
  holds(value: unknown): boolean
}

type Comparison = (limit: never) => { words: string; holds(value: number): boolean }

const comparisons: Record<string, Comparison> = {
  mustBeGreaterThan: (limit: number) => ({ words: `more than ${limit}`, holds: (value) => value > limit }),
  mustBeGreaterOrEqualTo: (limit: number) => ({ words: `at least ${limit}`, holds: (value) => value >= limit }),
  mustBeLessThan: (limit: number) => ({ words: `less than ${limit}`, holds: (value) => value < limit }),
  mustBeLessOrEqualTo: (limit: number) => ({ words: `at most ${limit}`, holds: (value) => value <= limit }),
  mustBeBetween: ([low, high]: [number, number]) => ({
    words: `from ${low} to ${high}`,
    holds: (value) => value >= low && value <= high,
  }),
  mustNotBeBetween: ([low, high]: [number, number]) => ({
    words: `outside of ${low} to ${high}`,
    holds: (value) => value < low || value > high,
  }),
}

/** The operator of a rule. Both ends of a range belong to it. */
export function operatorOf(rule: QualityRule): Operator | undefined {
  for (const [key, comparison] of Object.entries(comparisons)) {
    if (rule[key] === undefined) continue
    const { words, holds } = comparison(rule[key] as never)
    return { words, holds: (value) => typeof value === 'number' && holds(value) }
  }
  const { mustBe, mustNotBe } = rule
  if (mustBe !== undefined) return { words: `${mustBe}`, holds: (value) => isAnswer(value) && value === mustBe }
  if (mustNotBe !== undefined)
    return { words: `other than ${mustNotBe}`, holds: (value) => isAnswer(value) && value !== mustNotBe }
  return undefined
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value))
}
