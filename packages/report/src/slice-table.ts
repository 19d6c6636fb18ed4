import { metricFacts } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase, type Table } from './document.ts'
import { picture, WORSE_BETTER } from './gate-cells.ts'
import { ICONS } from './headline.ts'
import { formatEstimate, formatValue, type Gate, type MetricResult, marginOf, overall, scaleOf } from './metrics.ts'
import { countOf, formatCount } from './numbers.ts'

/** The parts of the hold-out, the worst first. */
export function sliceDetails(gate: Gate): Block[] {
  const { slices } = gate
  if (slices.length === 0) return []
  const order = ['fail', 'inconclusive', 'warn', 'pass'] as const
  const sorted = slices.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const count = (...verdicts: string[]) => slices.filter(({ verdict }) => verdicts.includes(verdict)).length
  const parts =
    count('pass') === slices.length
      ? [`all ${slices.length} fine`]
      : [
          count('fail') > 0 ? `${count('fail')} not good enough` : '',
          count('inconclusive', 'warn') > 0 ? `${count('inconclusive', 'warn')} with too little evidence` : '',
          count('pass') > 0 ? `${count('pass')} fine` : '',
        ].filter((part) => part !== '')
  const compared = gate.champion !== null
  const metrics = [...new Set(slices.map(({ metric }) => metricFacts(metric).label))]
  const table: Table = {
    head: [
      'slice',
      'rows',
      ...(compared ? [gate.champion!.version] : []),
      'candidate',
      ...(compared ? ['difference', WORSE_BETTER] : []),
      '',
    ],
    align: ['l', 'r', ...(compared ? (['r'] as const) : []), 'r', ...(compared ? (['r', 'c'] as const) : []), 'l'],
    rows: sorted.map((slice) => sliceRow(gate, slice, metrics.length > 1)),
  }
  const title = `Slices, by ${metrics.join(', ')}: ${parts.join(', ')}`
  const note: Block = {
    small: `Each passes on its own interval; it is called worse only after correcting for ${countOf(slices.length, 'look')}, so an interval may lie to the left and say too little.`,
  }
  return [
    { details: title, open: count('fail') > 0, blocks: [{ table }, ...(compared && slices.length > 1 ? [note] : [])] },
  ]
}

function sliceRow(gate: Gate, slice: Gate['slices'][number], named: boolean): Phrase[] {
  const { name, rows, metric, candidate, champion, difference, verdict, reason } = slice
  const scale = scaleOf(metric, slice, overall(gate.gates, metric))
  const unknown = candidate.value === null || (difference !== null && difference.low === null)
  const compared = gate.champion !== null
  return [
    named ? phrase`${code(name)} ${metricFacts(metric).label}` : code(name),
    formatCount(rows),
    ...(compared ? [formatValue(champion?.value, scale)] : []),
    formatValue(candidate.value, scale),
    ...(compared
      ? [
          difference ? formatEstimate(difference, scale, { sign: true }) : '—',
          picture({ name: metric, difference }, sliceMargin(gate, metric)),
        ]
      : []),
    unknown ? `${ICONS[verdict]} ${reason}` : ICONS[verdict],
  ]
}

/** A margin relative to the champion's value on all rows is another one in a slice, which the record does not hold. */
function sliceMargin(gate: Gate, metric: MetricResult['name']): number | null | undefined {
  const relative = overall(gate.gates, metric).some(
    ({ rule, written }) => rule === 'max_regression' && written.includes('%'),
  )
  return relative ? undefined : marginOf(gate.gates, metric)
}
