import type { Predicate, RowMetric, Verdict } from '@modelyard/spec'
import { holm, rowsToSettle } from '@modelyard/stats'
import { type CompareOptions, compareMetrics } from '../comparison/compare.ts'
import type { Comparison } from '../comparison/comparison.ts'
import { type Sample, subset } from '../sample/sample.ts'
import { sayEvidence } from '../wording/sentences.ts'
import type { Slice } from './find-slices.ts'
import { type Gate, marginOf } from './gate.ts'
import { type OnInconclusive, settle } from './on-inconclusive.ts'
import { type Reading, readAlone, readDifference } from './readings.ts'

export type SliceRecord = Predicate<'gate'>['slices'][number]

export interface SliceOptions extends CompareOptions {
  /** The gate whose metric and margin slices are held against. */
  gate: Gate
  /** Null where there is none: then a slice has its own numbers, and is compared with nothing. */
  champion: string | null
  /** With fewer rows a slice is not judged. */
  fewest: number
  /** What a slice comes to that has not enough evidence. */
  onInconclusive: OnInconclusive
}

/**
 * Compares the models on each slice. A slice passes on its own interval, for the claim that all are well needs no
 * correction. It fails if it is worse beyond the margin by its interval and after Holm's correction for the number of
 * slices, or has rows enough and no value; an absent one is inconclusive, anything else comes to what the model file
 * says. Without a champion a slice only has to be there, and to have a value.
 */
export function judgeSlices(sample: Sample, slices: readonly Slice[], options: SliceOptions): SliceRecord[] {
  const looks = slices.map((slice) => look(sample, slice, options))
  const tested = looks.filter(({ pValue }) => pValue !== null)
  const adjusted = holm(tested.map(({ pValue }) => pValue!))
  const worse = new Set(tested.filter((_, index) => adjusted[index]! <= (1 - options.confidence) / 2))
  return looks.map((found) => {
    const { slice, reading, metric } = found
    const fails = reading.verdict === 'fail' && (worse.has(found) || isValueless(metric))
    const asked = slice.rows.length === 0 ? 'block' : options.onInconclusive
    const { verdict } =
      reading.verdict === 'pass' || fails ? reading : settle({ verdict: 'inconclusive' as Verdict }, asked)
    const { name, ...numbers } = metric
    const open = verdict === 'pass' || fails ? '' : whatSettles(slice, reading, slices.length)
    return {
      ...numbers,
      name: slice.name,
      rows: slice.rows.length,
      metric: name,
      verdict,
      reason: `${slice.name}: ${reading.reason}${open}`,
    }
  })
}

/** Why a slice is undecided, after what was found, where numbers were. */
function whatSettles({ rows }: Slice, { verdict, place }: Reading, slices: number): string {
  if (!place) return ''
  if (verdict === 'fail') return ` After correcting for ${slices} slices that is not enough evidence to say.`
  return ` ${sayEvidence(rows.length, rowsToSettle({ rows: rows.length, ...place }, place.line))}`
}

/** Whether there is nothing to judge a slice by: no difference to the champion, or no value where there is none. */
export function isValueless({ candidate, difference }: Pick<SliceRecord, 'candidate' | 'difference'>): boolean {
  return (difference ?? candidate).value === null
}

interface Look {
  slice: Slice
  metric: Omit<Comparison, 'worseBeyond'>
  reading: Reading
  pValue: number | null
}

function look(sample: Sample, slice: Slice, { gate, champion, fewest, ...options }: SliceOptions): Look {
  const name = gate.metric as RowMetric
  if (slice.rows.length < fewest) {
    const reason = tooSmall(slice.rows.length, fewest)
    const nothing = { value: null, low: null, high: null, reason }
    const compared = { champion: nothing, difference: { ...nothing, method: 'none' } }
    const metric = {
      name,
      candidate: nothing,
      ...(champion === null ? { champion: null, difference: null } : compared),
    }
    return { slice, metric, reading: { verdict: 'inconclusive', reason, place: null }, pValue: null }
  }
  const [comparison] = compareMetrics(subset(sample, slice.rows), [name], options)
  const { worseBeyond, ...metric } = comparison!
  if (champion === null) return { slice, metric, reading: readAlone(metric, options.confidence), pValue: null }
  const written = gate.max_regression!
  const margin = marginOf(written, metric)
  const asked = { metric: name, gain: -margin, written: String(written), strict: false }
  const reading = readDifference(metric, asked, { confidence: options.confidence, champion })
  return { slice, metric, reading, pValue: worseBeyond ? worseBeyond(margin) : null }
}

/** Why a part of the hold-out is not looked at on its own. */
export function tooSmall(rows: number, fewest: number): string {
  return `It holds ${rows === 1 ? '1 row' : `${rows} rows`}; ${fewest} are needed (evaluate.min_slice).`
}
