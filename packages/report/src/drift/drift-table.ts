import type { DriftColumn, DriftMeasure, Predicate } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase, strong } from '../document/document.ts'
import { countOf, formatDecimal, formatPercent } from '../document/numbers.ts'
import { ICONS } from '../gate/headline.ts'
import { bar, sparkline } from '../pictures/sparkline.ts'

/** What a measure is called. */
export const MEASURES: Record<DriftMeasure['metric'], string> = {
  ks: 'KS',
  psi: 'PSI',
  jensen_shannon: 'Jensen–Shannon',
  nulls: 'rows without a value',
  new_categories: 'rows with a new value',
  out_of_range: 'rows out of range',
  single_value: 'rows with one number',
}

/** Columns that are shown as pictures. */
const PICTURES = 20

/** A row for each column that has moved or cannot be told, the gravest first; all that have not, folded away. */
export function columnTables(columns: readonly DriftColumn[]): Block[] {
  const order = ['fail', 'inconclusive', 'warn'] as const
  const moved = order.flatMap((verdict) => columns.filter((column) => column.verdict === verdict))
  const still = columns.filter(({ verdict }) => verdict === 'pass')
  return [
    ...(moved.length > 0 ? [columnTable(moved)] : []),
    ...(still.length > 0
      ? [{ details: `${countOf(still.length, 'column')} as usual`, blocks: [columnTable(still)] }]
      : []),
  ]
}

function columnTable(columns: readonly DriftColumn[]): Block {
  return {
    table: {
      head: ['column', 'distance', 'usual', 'now', 'trend', 'since'],
      align: ['l', 'l', 'r', 'r', 'l', 'l'],
      rows: columns.map((column) => {
        const [first] = column.measures
        if (!first) return [code(column.name), column.reason, '', ICONS[column.verdict], '', '']
        return [
          code(column.name),
          MEASURES[first.metric],
          usualOf(first),
          phrase`${column.verdict === 'pass' ? '' : `${ICONS[column.verdict]} `}${nowOf(first, column.verdict)}`,
          trendOf(column, first),
          column.since === null ? '' : day(column.since),
        ]
      }),
    },
  }
}

function nowOf(measure: DriftMeasure, verdict: DriftColumn['verdict']): Phrase {
  const value = formatMeasure(measure, measure.value)
  return verdict === 'fail' ? strong(value) : value
}

function usualOf(measure: DriftMeasure): string {
  if (!measure.usual) return '—'
  return `${formatMeasure(measure, measure.usual.low)}\u00a0–\u00a0${formatMeasure(measure, measure.usual.high)}`
}

function trendOf({ trend }: DriftColumn, { floor }: DriftMeasure): Phrase {
  if (trend.length < 2) return ''
  const values = trend.map(({ value }) => value)
  return code(sparkline(values, Math.max(floor.alarm, ...values.map((value) => value ?? 0))))
}

/** What a measure says, shortly: `KS 0.31, usually at most 0.02`. */
export function shortly(measure: DriftMeasure): string {
  const value = `${MEASURES[measure.metric]} ${formatMeasure(measure, measure.value)}`
  return measure.usual ? `${value}, usually at most ${formatMeasure(measure, measure.usual.high)}` : value
}

/** A distance with three decimals, a share as a percentage; `—` where there is none. */
export function formatMeasure({ metric }: Pick<DriftMeasure, 'metric'>, value: number | null): string {
  if (value === null) return '—'
  return isDistance(metric) ? formatDecimal(value, 3) : formatPercent(value, value >= 0.1 ? 0 : 1)
}

/** Where it warns and where it alarms, as they are set. */
function floorsOf({ metric, floor }: DriftMeasure): string {
  return [floor.warn, floor.alarm]
    .map((each) => (isDistance(metric) ? String(each) : formatPercent(each, 1)))
    .join(', ')
}

function isDistance(metric: DriftMeasure['metric']): boolean {
  return metric === 'ks' || metric === 'psi' || metric === 'jensen_shannon'
}

/** Before and after, as bars, for the columns that have moved. */
export function pictures(columns: readonly DriftColumn[], version: string): Block[] {
  const moved = columns.filter(
    ({ verdict, measures }) => (verdict === 'fail' || verdict === 'warn') && measures.length > 0,
  )
  return moved.slice(0, PICTURES).map(({ name, picture }) => ({
    details: phrase`${code(name)} before and now`,
    blocks: [pictureTable(name, picture, [`what ${version} learned`, 'production'])],
  }))
}

/** Shares of rows before and after, as bars of one scale; bins that are empty in both are left out. */
export function pictureTable(
  name: string,
  { labels, before, after }: DriftColumn['picture'],
  [then, now]: readonly [string, string],
): Block {
  const shown = labels.map((_, index) => index).filter((index) => before[index]! + after[index]! > 0)
  const top = [...before, ...after].reduce((most, each) => Math.max(most, each), 0)
  const cell = (share: number): Phrase => phrase`${code(bar(share, top))} ${formatPercent(share, share < 0.1 ? 1 : 0)}`
  return {
    table: {
      head: [code(name), then, now],
      align: ['l', 'l', 'l'],
      rows: shown.map((index) => [code(labels[index]!), cell(before[index]!), cell(after[index]!)]),
    },
  }
}

/** Distances, and shares that are anything to speak of, by what is asked of them; and what the distances are made of. */
export function measureDetails({ columns, profile, champion }: Predicate<'drift'>): Block[] {
  const all = columns.flatMap(({ name, measures }) => measures.map((measure) => ({ name, measure })))
  if (all.length === 0) return []
  const shown = all.filter(({ measure }) => isDistance(measure.metric) || measure.verdict !== 'pass')
  const hidden = all.length - shown.length
  const notes = [
    ...new Set(all.flatMap(({ measure }) => methodOf(measure))),
    ...(hidden > 0
      ? [`${countOf(hidden, 'share')} of rows without a value, with new values and the like: as usual.`]
      : []),
  ]
  return [
    {
      details: 'How this was measured',
      blocks: [
        {
          paragraph: `An alarm is beyond noise (p at most 0.01, corrected for ${countOf(all.length, 'look')}), beyond a floor, and more than twice what whole windows of the training data differ by among themselves.${
            profile === null
              ? ''
              : ` Compared with ${countOf(profile.rows, 'row')} in ${countOf(profile.windows, 'window')} that ${champion.version} learned from.`
          }`,
        },
        {
          table: {
            head: ['column', 'measure', 'now', 'p', 'warns, alarms from', 'usual', 'bins'],
            align: ['l', 'l', 'r', 'r', 'r', 'r', 'r'],
            rows: shown.map(({ name, measure }) => [
              code(name),
              `${ICONS[measure.verdict]} ${MEASURES[measure.metric]}`,
              measure.missing ?? formatMeasure(measure, measure.value),
              formatP(measure.p),
              floorsOf(measure),
              usualOf(measure),
              measure.method ? String(measure.method.bins) : '',
            ]),
          },
        },
        ...(notes.length > 0 ? [{ list: notes }] : []),
      ],
    },
  ]
}

function formatP(p: number | null): string {
  if (p === null) return '—'
  return p < 0.0001 ? '< 0.0001' : formatDecimal(p, p < 0.1 ? 4 : 2)
}

function methodOf({ metric, method }: DriftMeasure): string[] {
  if (!method) return []
  const base = method.base === null ? '' : `; base ${method.base}`
  return [`${MEASURES[metric]}: ${method.binning}; empty bins: ${method.zero_rule}${base}.`]
}

export function day(time: string): string {
  return time.slice(0, 10)
}
