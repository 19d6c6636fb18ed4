import { metricFacts } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase, type Table } from '../document/document.ts'
import { countOf, formatCount } from '../document/numbers.ts'
import { picture, WORSE_BETTER } from './gate-cells.ts'
import { ICONS } from './headline.ts'
import { formatEstimate, formatValue, type Gate, type MetricResult, marginOf, overall, scaleOf } from './metrics.ts'

/** The parts of the hold-out, the worst first. */
export function sliceDetails(gate: Gate): Block[] {
  const { slices } = gate
  if (slices.length === 0) return []
  const order = ['fail', 'inconclusive', 'warn', 'pass'] as const
  const sorted = slices.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const count = (...verdicts: string[]) => slices.filter(({ verdict }) => verdicts.includes(verdict)).length
  const compared = gate.champion !== null
  const fine = compared ? 'fine' : 'compared with nothing'
  const parts =
    count('pass') === slices.length
      ? [`all ${slices.length} ${fine}`]
      : [
          count('fail') > 0 ? `${count('fail')} not good enough` : '',
          count('inconclusive', 'warn') > 0 ? `${count('inconclusive', 'warn')} with too little evidence` : '',
          count('pass') > 0 ? `${count('pass')} ${fine}` : '',
        ].filter((part) => part !== '')
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
  const { name, rows, metric, candidate, champion, difference } = slice
  const scale = scaleOf(metric, slice, overall(gate.gates, metric))
  const compared = gate.champion !== null
  return [
    named ? phrase`${code(name)} ${metricFacts(metric).label}` : code(name),
    formatCount(rows),
    ...(compared ? [formatValue(champion?.value, scale)] : []),
    compared ? formatValue(candidate.value, scale) : formatEstimate(candidate, scale),
    ...(compared
      ? [
          difference ? formatEstimate(difference, scale, { sign: true }) : '—',
          picture({ name: metric, difference }, sliceMargin(gate, metric)),
        ]
      : []),
    verdictCell(gate, slice),
  ]
}

/**
 * Why a slice is not fine, without what stands beside it: its name, and numbers that are known. One that is compared with
 * nothing is not called fine.
 */
function verdictCell(
  { champion }: Gate,
  { name, candidate, difference, verdict, reason }: Gate['slices'][number],
): string {
  if (verdict === 'pass') return champion ? ICONS.pass : ''
  const told = reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason
  const known = candidate.value !== null && difference !== null && difference.low !== null
  const more = known ? told.indexOf(AFTER_NUMBERS) : 0
  if (more < 0) return ICONS[verdict]
  return `${ICONS[verdict]} ${known ? told.slice(more + AFTER_NUMBERS.length) : told}`
}

/** Where a sentence on numbers ends, and one on what would settle it begins. */
const AFTER_NUMBERS = '). '

/** A margin relative to the champion's value on all rows is another one in a slice, which the record does not hold. */
function sliceMargin(gate: Gate, metric: MetricResult['name']): number | null | undefined {
  const relative = overall(gate.gates, metric).some(
    ({ rule, written }) => rule === 'max_regression' && written.includes('%'),
  )
  return relative ? undefined : marginOf(gate.gates, metric)
}
