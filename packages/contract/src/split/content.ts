import type { Dataset } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { byChance, CHANCE } from './chance.ts'
import { type About, check, percent } from './finding.ts'
import { inBoth } from './hashes.ts'
import { columnsOfNames } from './names.ts'
import { expectedRepeats, type Repeats, repeatsWithin } from './repeats.ts'
import { countShared } from './shared.ts'

/** So many columns are named in a sentence. */
const NAMED = 10

/** So many columns are compared first. */
const FEW = 3

/** Above what chance explains, so many of the rows are worth a warning, and so many fail. */
const WARN = 0.001
const FAIL = 0.01

/** A chance below which even rows that come in lots do not explain it. */
const SURE = 1e-6

/** By so many standard deviations, and by so many times, do rows repeat more often in one of the two than by lot. */
const UNLIKE = { deviations: 6, times: 2 }

/**
 * Rows of the hold-out whose values are those of a training row, in all columns but those that name or date it. In a
 * table of few different rows there are such by chance: as many as training rows have a twin among the other training
 * rows, for a hold-out row is to them what any one of them is to the others. Only what exceeds that, and twice it, says
 * that rows were copied. Where training rows mostly repeat, or one of the two repeats its rows otherwise than the other
 * (rows were taken out, or in several times), copies cannot be told from that: a warning, for nothing is wrong for sure.
 * Where nothing is found, columns that name rows are left out, and all is asked again.
 */
export async function checkContent(
  train: Dataset,
  holdout: Dataset,
  columns: readonly string[],
  { but, masked = new Set() }: { but: readonly string[]; masked?: ReadonlySet<string> | undefined },
): Promise<Check> {
  const first = await checkRepeated(train, holdout, columns, but)
  if (first.verdict !== 'pass') return first
  // One more column that names rows, such as an address, makes copies look different.
  const names = await columnsOfNames(train, holdout, columns, masked)
  const others = columns.filter((name) => !names.includes(name))
  if (names.length === 0 || others.length === 0) return first
  const second = await checkRepeated(train, holdout, others, [...but, ...names])
  return second.verdict === 'pass' ? first : second
}

async function checkRepeated(
  train: Dataset,
  holdout: Dataset,
  columns: readonly string[],
  but: readonly string[],
): Promise<Check> {
  const key = columns.map((name) => inBoth(name, holdout, train))
  const about: About = {
    dataset: 'holdout',
    column: null,
    rule: 'repeated rows',
    expected: `No more rows of the hold-out data are equal to training rows${but.length > 0 ? `, but for ${listed(but)},` : ''} than chance explains.`,
  }
  const shared = await countRepeated(train, holdout, key)
  if (shared === 0) return check(about, { verdict: 'pass', found: `None of ${counted(holdout.rows)} is.` })
  const [learned, judged] = [await repeatsWithin(train, key), await repeatsWithin(holdout, key)]
  const { verdict, why } = judge(shared, learned, judged)
  const share = percent(learned.repeated / learned.rows)
  const found = `${number(shared)} of ${counted(holdout.rows)} (${percent(shared / holdout.rows)}) are; of the training rows, ${share} are equal to another one.${why}`
  return check(about, { verdict, found, failing: shared })
}

function listed(names: readonly string[]): string {
  if (names.length > NAMED) return `${names.slice(0, NAMED).join(', ')}, …`
  return [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' and ')
}

/** Rows that are equal in all columns are so in a few, which are compared sooner and mostly rule the rest out. */
async function countRepeated(train: Dataset, holdout: Dataset, key: readonly string[]): Promise<number> {
  const few = key.slice(0, FEW)
  const mayBe = key.length === few.length || (await countShared(holdout, train, few)) > 0
  return mayBe ? countShared(holdout, train, key) : 0
}

function judge(shared: number, train: Repeats, holdout: Repeats): { verdict: Check['verdict']; why: string } {
  const share = train.repeated / train.rows
  const excess = shared / holdout.rows - share
  const unlike = repeatUnlike(train, holdout)
  if (unlike && shared >= WARN * holdout.rows) {
    const why = ` But by lot ${percent(expectedRepeats(train, holdout.rows))} of the hold-out's rows would repeat each other, and ${percent(holdout.repeated / holdout.rows)} do: rows of one of the two were taken out, or in more than once, so whether others were copied cannot be told.`
    return { verdict: 'warn', why }
  }
  const p = byChance({ rows: shared, of: holdout.rows }, { rows: train.repeated, of: train.rows })
  if (p >= CHANCE || excess < WARN) return { verdict: 'pass', why: '' }
  if (excess >= share) return { verdict: excess < FAIL ? 'warn' : 'fail', why: '' }
  if (p >= SURE || excess < FAIL) return { verdict: 'pass', why: '' }
  return { verdict: 'warn', why: ' Where so many repeat, copies cannot be told from rows that are rare by chance.' }
}

/** Whether the rows of the hold-out repeat each other far more, or less, than as many of the training rows would. */
function repeatUnlike(train: Repeats, holdout: Repeats): boolean {
  const expected = expectedRepeats(train, holdout.rows)
  const found = holdout.repeated / holdout.rows
  // A pair is two rows that repeat, or none: their number varies twice as much.
  const deviation = Math.sqrt((2 * Math.max(expected, found) * (1 - Math.min(expected, found))) / holdout.rows)
  const [less, more] = [Math.min(expected, found), Math.max(expected, found)]
  return more - less > UNLIKE.deviations * deviation && more >= UNLIKE.times * less
}
