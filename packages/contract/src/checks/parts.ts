import type { Dataset } from '@modelyard/data'
import { canonicalJson, sha256, UserError, ValidationPredicate } from '@modelyard/spec'
import { z } from 'zod'
import type { Contract } from '../document/read.ts'
import type { Check } from './check.ts'
import { breakingRows, findWhole, SHOWN } from './examples.ts'
import { type Measurement, measure, mergeAggregate } from './measure.ts'
import { type Aggregate, type Finding, type Measured, type Planned, type Whole, written } from './plan.ts'
import { planContract } from './plan-contract.ts'

const Examples = ValidationPredicate.shape.checks.element.shape.examples
/** A number as DuckDB writes it. */
const Digits = z
  .string()
  .max(400)
  .regex(/^-?(?:\d+(?:\.\d+)?(?:e[+-]\d+)?|inf)$/)

/**
 * What a shard found of a contract: everything from which, with the parts of the other shards, the checks are made. Plain
 * JSON, with numbers as exact text.
 */
export const CheckPart = z.strictObject({
  dataset: z.enum(['train', 'holdout']),
  /** The dataset's digest; columns and rows are those of all of it. */
  sha256: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.int().positive(),
  shard: z.strictObject({ index: z.int().positive(), of: z.int().positive(), rows: z.int().nonnegative() }),
  /** SHA-256 of what is asked, check by check: that of parts that go together is the same. */
  plan: z.string(),
  /** For each check, in the order of the plan: what it came to here; null where this shard has nothing to say of it. */
  found: z.array(
    z.union([
      z.null(),
      z.strictObject({ aggregates: z.array(Digits.nullable()), examples: Examples }),
      z.strictObject({
        verdict: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
        found: z.string(),
        failing: z.int().nonnegative(),
        examples: Examples,
      }),
    ]),
  ),
})
export type CheckPart = z.infer<typeof CheckPart>
type Found = CheckPart['found'][number]

/**
 * What the dataset's shard says of the contract: the aggregates over its rows, and the checks of all rows together whose
 * turn it is, so that every shard does some of those and none is done twice.
 */
export async function checkPart(contract: Contract, dataset: Dataset, role: Check['dataset']): Promise<CheckPart> {
  const planned = planContract(contract, dataset, role)
  const shard = dataset.shard ?? { index: 1, of: 1, rows: dataset.rows }
  const found = new Map<Planned, Found>()
  const measured = planned.filter((each): each is Planned & Measured => each.kind === 'measured')
  for (const [index, aggregates] of (await measure(measured, dataset)).entries()) {
    const check = measured[index]!
    if (typeof aggregates === 'string') {
      found.set(check, { verdict: 'inconclusive', found: aggregates, failing: 0 })
      continue
    }
    // What one shard of several finds may pass and all of them together not.
    const passes = shard.of === 1 && judgeMeasured(check, [aggregates], dataset.rows).verdict === 'pass'
    found.set(check, { aggregates, ...(!passes && (await breakingRows(check, aggregates, dataset))) })
  }
  const whole = planned.filter((each): each is Planned & Whole => each.kind === 'whole')
  for (const [index, each] of whole.entries()) {
    if (index % shard.of === shard.index - 1) found.set(each, await findWhole(each, dataset))
  }
  return {
    dataset: role,
    sha256: dataset.sha256,
    columns: [...dataset.columns],
    rows: dataset.rows,
    shard,
    plan: digestOf(planned),
    found: planned.map((each) => found.get(each) ?? null),
  }
}

/**
 * The checks of a dataset from the parts of all its shards, in any order: the same as `checkContract` makes of it at
 * once. Throws a `UserError` for parts that are missing, doubled, or of something else.
 */
export function mergeParts(contract: Contract, parts: readonly CheckPart[]): Check[] {
  const first = parts[0]
  if (!first) throw new UserError('There is no part of the checks to merge. Run the shards first.')
  const planned = planContract(contract, first, first.dataset)
  requireOneOfEach(parts, first, { digest: digestOf(planned), length: planned.length })
  const ordered = parts.toSorted((a, b) => a.shard.index - b.shard.index)
  return planned.map((each, index) => {
    const { column, rule, expected, line } = each
    for (const part of parts) requireSound(part, each, part.found[index])
    const found = ordered.flatMap((part) => part.found[index] ?? [])
    return {
      dataset: first.dataset,
      column,
      rule,
      expected,
      ...judge(each, found, first),
      ...(line !== undefined && { line }),
    }
  })
}

function judge(planned: Planned, found: ReadonlyArray<NonNullable<Found>>, { rows, shard }: CheckPart): Finding {
  if (planned.kind === 'decided') return planned.finding
  const finding = found.find((each) => 'verdict' in each)
  if (finding) return finding
  const measurements = found.flatMap((each) => ('aggregates' in each ? [each.aggregates] : []))
  if (planned.kind === 'whole' || measurements.length < shard.of) {
    throw new UserError(`The parts say nothing of what is asked as "${planned.expected}". Run the shards again.`)
  }
  const judged = written(judgeMeasured(planned, measurements, rows), planned)
  const examples = found.flatMap((each) => each.examples ?? []).slice(0, SHOWN)
  return { ...judged, ...(judged.verdict !== 'pass' && examples.length > 0 && { examples }) }
}

function judgeMeasured(check: Measured, measurements: readonly Measurement[], rows: number): Finding {
  const exact = check.aggregates.map((aggregate, index) =>
    mergeAggregate(
      aggregate,
      measurements.map((each) => each[index] ?? null),
    ),
  )
  const values = exact.map((text) => (text === null ? null : Number(text)))
  return check.judge(values, rows, exact)
}

function requireOneOfEach(
  parts: readonly CheckPart[],
  { dataset, sha256, rows, shard }: CheckPart,
  plan: { digest: string; length: number },
): void {
  for (const part of parts) {
    const name = nameOf(part)
    if (part.dataset !== dataset || part.sha256 !== sha256 || part.shard.of !== shard.of) {
      throw new UserError(
        `${name} is of other data than part ${shard.index} of ${shard.of} of the ${dataset} data. Run all shards on the same data.`,
      )
    }
    if (part.plan !== plan.digest) {
      throw new UserError(`${name} was checked against another contract. Run all shards and the merge on one commit.`)
    }
    if (part.found.length !== plan.length || part.shard.index > shard.of) throw unsound(part)
  }
  for (let index = 1; index <= shard.of; index++) {
    const found = parts.filter((part) => part.shard.index === index).length
    if (found === 1) continue
    throw new UserError(
      `Part ${index} of ${shard.of} of the ${dataset} data is there ${found === 0 ? 'not at all' : `${found} times`}. Run that shard again.`,
    )
  }
  const counted = parts.reduce((sum, part) => sum + part.shard.rows, 0)
  if (counted !== rows) {
    throw new UserError(
      `The parts of the ${dataset} data hold ${counted} rows and the data ${rows}. Run the shards again.`,
    )
  }
}

/**
 * Throws a `UserError` for what no shard finds: a verdict on what only all of them decide, but for one that nothing is
 * known, or aggregates that are not those of the check.
 */
function requireSound(part: CheckPart, planned: Planned, found: Found | undefined): void {
  if (!found) return
  const isSound =
    planned.kind === 'measured'
      ? 'aggregates' in found
        ? areOf(planned.aggregates, found.aggregates)
        : found.verdict === 'inconclusive'
      : planned.kind === 'whole' && 'verdict' in found
  if (!isSound) throw unsound(part)
}

/** What is summed is a count. */
function areOf(aggregates: readonly Aggregate[], values: Measurement): boolean {
  if (values.length !== aggregates.length) return false
  return aggregates.every(({ merge }, index) => merge !== 'sum' || /^\d+$/.test(values[index] ?? ''))
}

function unsound(part: CheckPart): UserError {
  return new UserError(`${nameOf(part)} is damaged: it says what no shard finds. Run that shard again.`)
}

function nameOf({ dataset, shard }: CheckPart): string {
  return `Part ${shard.index} of ${shard.of} of the ${dataset} data`
}

function digestOf(planned: readonly Planned[]): string {
  return sha256(
    canonicalJson(
      planned.map(({ kind, column, rule, expected, line }) => ({ kind, column, rule, expected, line: line ?? null })),
    ),
  )
}
