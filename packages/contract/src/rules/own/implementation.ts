import { didYouMean } from '@modelyard/spec'
import { z } from 'zod'
import type { Path, QualityRule, SchemaObject } from '../../document/document.ts'
import type { Violation } from '../../document/schema.ts'

const Role = z.enum(['train', 'holdout'])
const Text = z.string().min(1)
const File = Text.refine((path) => !/^(?:[\\/]|[a-zA-Z]:)/.test(path) && !path.split(/[\\/]/).includes('..'), {
  error: 'must be a path inside the repository: relative, without ".."',
})
const Files = z.union([File, z.array(File).min(1)], {
  error: 'must be a path or a list of paths inside the repository: relative, without ".."',
})

const SCHEMAS = {
  freshness: z.strictObject({
    check: z.literal('freshness'),
    data: Role.default('holdout'),
    max_age: z.string({ error: 'must be a time like "3d", "12h" or "30m"' }).regex(/^\d{1,6}[dhm]$/, {
      error: 'must be a time like "3d", "12h" or "30m"',
    }),
  }),
  leakage: z.strictObject({
    check: z.literal('leakage'),
    data: Role.optional(),
    files: Files,
    /** The key by which rows are the same; of a rule that stands at a column, that column. */
    columns: z.array(Text).min(1).optional(),
    /** The share of the rows that may be in the files, too. */
    max_overlap: z.number().min(0).max(1).default(0),
  }),
  drift: z.strictObject({
    check: z.literal('drift'),
    data: Role.optional(),
    reference: Files,
    metric: z.enum(['ks', 'psi', 'jensen_shannon', 'nulls', 'new_categories', 'out_of_range']).optional(),
    max: z.number().positive(),
  }),
} as const

type Kind = keyof typeof SCHEMAS
const KINDS = Object.keys(SCHEMAS) as Kind[]

export type Freshness = z.infer<(typeof SCHEMAS)['freshness']>
export type Leakage = z.infer<(typeof SCHEMAS)['leakage']>
export type Drift = z.infer<(typeof SCHEMAS)['drift']>

/** Whether a rule is one of ours: `type: custom, engine: modelyard`. */
export function isOwn({ type, engine }: QualityRule): boolean {
  return type === 'custom' && engine?.toLowerCase() === 'modelyard'
}

/** What a rule of ours asks, once `ownViolations` has found nothing in it. */
export function implementationOf({ implementation }: QualityRule): Freshness | Leakage | Drift {
  return SCHEMAS[(implementation as { check: Kind }).check].parse(implementation)
}

/** What is wrong with the rules of ours in an object of a contract, each with its path from there. */
export function ownViolations({ quality = [], properties = [] }: SchemaObject): Violation[] {
  return [
    ...ofRules(quality, ['quality']),
    ...properties.flatMap((property, index) => ofRules(property.quality ?? [], ['properties', index, 'quality'])),
  ]
}

function ofRules(rules: readonly QualityRule[], path: Path): Violation[] {
  return rules.flatMap((rule, index) => (isOwn(rule) ? ofRule(rule, [...path, index, 'implementation']) : []))
}

function ofRule({ implementation }: QualityRule, path: Path): Violation[] {
  if (typeof implementation !== 'object' || implementation === null) {
    return [{ path, message: 'implementation must be a mapping with check: drift, leakage or freshness.' }]
  }
  const { check } = implementation as { check?: unknown }
  if (!KINDS.includes(check as Kind)) {
    const written = check === undefined ? 'is missing' : `is ${JSON.stringify(check)}`
    const meant = typeof check === 'string' ? didYouMean(check, KINDS) : ''
    return [{ path: [...path, 'check'], message: `check ${written}; it must be ${KINDS.join(', ')}.${meant}` }]
  }
  const parsed = SCHEMAS[check as Kind].safeParse(implementation)
  return parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => ofIssue(issue, check as Kind, path, implementation))
}

function ofIssue(issue: z.core.$ZodIssue, check: Kind, path: Path, implementation: object): Violation[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(SCHEMAS[check].shape)
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${key} is not a key of ${check}.${didYouMean(key, known) || ` Known: ${known.join(', ')}.`}`,
    }))
  }
  const [key] = issue.path as [string]
  const value = (implementation as Record<string, unknown>)[key]
  const message =
    value === undefined
      ? `${check} needs ${key}: it ${complaint(issue)}.`
      : `${key} is ${JSON.stringify(value)}; it ${complaint(issue)}.`
  return [{ path: [...path, key], message }]
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'number'
      ? `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
      : 'must not be empty'
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'must be a number'
  return issue.message.startsWith('must ') ? issue.message : 'must be text, or a list of it'
}
