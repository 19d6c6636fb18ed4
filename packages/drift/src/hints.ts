import type { DriftColumn } from '@modelyard/spec'
import { valuesIn } from './cells.ts'
import { type ColumnInput, standout } from './column.ts'
import { binOf } from './measures.ts'
import { FLOORS } from './rule.ts'
import { percent, short } from './wording.ts'

type Quartiles = readonly [number, number, number]

/** Factors between units that people mix up, and what they most often mean. */
const FACTORS: ReadonlyArray<readonly [factor: number, question: string]> = [
  [1.609344, 'kilometres instead of miles'],
  [1 / 1.609344, 'miles instead of kilometres'],
  [0.3048, 'metres instead of feet'],
  [1 / 0.3048, 'feet instead of metres'],
  [0.45359237, 'kilograms instead of pounds'],
  [1 / 0.45359237, 'pounds instead of kilograms'],
  [2.54, 'centimetres instead of inches'],
  [1 / 2.54, 'inches instead of centimetres'],
  [60, 'minutes instead of hours, or seconds instead of minutes'],
  [1 / 60, 'hours instead of minutes, or minutes instead of seconds'],
  [3600, 'seconds instead of hours'],
  [1 / 3600, 'hours instead of seconds'],
  [100, 'hundredths instead of wholes, as percent or cents'],
  [1 / 100, 'wholes instead of hundredths, as percent or cents'],
  [1000, 'thousandths instead of wholes, as milliseconds or grams'],
  [1 / 1000, 'wholes instead of thousandths, as seconds or kilograms'],
  [1_000_000, 'millionths instead of wholes, as microseconds'],
  [1 / 1_000_000, 'wholes instead of millionths, as seconds'],
]

const SCALES: ReadonlyArray<readonly [turn: (x: number) => number, question: string]> = [
  [(x) => 1.8 * x + 32, 'degrees Fahrenheit instead of Celsius'],
  [(x) => (x - 32) / 1.8, 'degrees Celsius instead of Fahrenheit'],
  [(x) => x + 273.15, 'kelvins instead of degrees Celsius'],
  [(x) => x - 273.15, 'degrees Celsius instead of kelvins'],
]

/** How far a quartile may be from where a change of unit would put it, in parts of itself or of the quartiles' range. */
const CLOSE = 0.05

/** What columns that have moved most look like, as sentences; only where that is clear. */
export function hintsOf(inputs: readonly ColumnInput[], columns: readonly DriftColumn[]): string[] {
  return columns.flatMap((column, index) => {
    if (column.verdict !== 'fail' && column.verdict !== 'warn') return []
    return hintOf(inputs[index]!) ?? []
  })
}

/**
 * What a column that has moved looks like, as a sentence; undefined where that is not clear. It names no number that
 * fewer than `fewest` rows have, and says nothing of quartiles with fewer between them.
 */
export function hintOf(input: ColumnInput, fewest = 0): string | undefined {
  const { bins, production } = input
  if (bins.kind !== 'number' || bins.quartiles === null || production.quartiles === null) return undefined
  const [before, after] = [bins.quartiles, production.quartiles]
  const [of, now] = [input.reference.whole, input.windows.at(-1)!.counts].map((counts) => valuesIn(bins, counts))
  const moved = Math.min(of!, now!) >= 4 * fewest
  return (
    constant(input, fewest) ??
    (moved ? (unit(bins.name, before, after) ?? hours(bins.name, before, after)) : undefined) ??
    sentinel(input, fewest)
  )
}

function constant({ bins, windows, production: { frequent } }: ColumnInput, fewest: number): string | undefined {
  const values = valuesIn(bins, windows.at(-1)!.counts)
  const [first] = frequent
  const varied = bins.kind === 'number' && bins.min !== bins.max
  if (!varied || !first || values < Math.max(2, fewest) || first.counts.at(-1) !== values) return undefined
  return `Every value of ${bins.name} is ${short(Number(first.value))}: is what fills it still at work?`
}

/** One value at the edge of the others, beyond, or zero, which the reference hardly had. */
function sentinel(input: ColumnInput, fewest: number): string | undefined {
  const stands = standout(input)
  if (!stands || stands.gain < FLOORS.single_value.warn) return undefined
  const { value, counts } = stands
  if (counts.at(-1)! < fewest) return undefined
  const bin = binOf(input.bins, value)
  const last = input.reference.whole.counts.length - 1
  if (value !== 0 && bin !== 0 && bin !== last) return undefined
  const share = percent(counts.at(-1)! / input.windows.at(-1)!.rows)
  return `${share} of the rows have ${short(value)} as ${input.bins.name}, which hardly any row had before: does it stand for a missing value?`
}

function unit(name: string, before: Quartiles, after: Quartiles): string | undefined {
  const fits = (turn: (x: number) => number, size: (x: number) => number) =>
    before.every((x, index) => Math.abs(turn(x) - after[index]!) <= CLOSE * size(turn(x)))
  const factor = FACTORS.find(([times]) => fits((x) => x * times, Math.abs))
  if (factor && before.filter((x) => x !== 0).length >= 2) {
    return `Every quartile of ${name} is ${short(factor[0])} times what it was: ${factor[1]}?`
  }
  const scale = SCALES.find(([turn]) => fits(turn, () => turn(before[2]) - turn(before[0])))
  if (!scale || before[2] === before[0]) return undefined
  return `The quartiles of ${name} are those of another scale: ${scale[1]}?`
}

/** Clocks that have been put forward or back. */
function hours(name: string, before: Quartiles, after: Quartiles): string | undefined {
  const size = /hour/i.test(name) ? 1 : /minute/i.test(name) ? 60 : undefined
  if (size === undefined) return undefined
  const [shift, ...others] = after.map((x, index) => (x - before[index]!) / size)
  if (!shift || !Number.isInteger(shift) || Math.abs(shift) > 14 || others.some((other) => other !== shift))
    return undefined
  const amount = `${Math.abs(shift)} hour${Math.abs(shift) === 1 ? '' : 's'} ${shift > 0 ? 'later' : 'earlier'}`
  return `Every quartile of ${name} is ${amount}: another time zone?`
}
