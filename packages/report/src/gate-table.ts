import { type Estimate, lets, metricFacts } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase, plain, type Table } from './document.ts'
import { ICONS } from './headline.ts'
import { drawInterval } from './interval-picture.ts'
import {
  formatEstimate,
  formatLimit,
  formatValue,
  type Gate,
  type GateResult,
  type MetricResult,
  marginOf,
  overall,
  type Scale,
  scaleOf,
} from './metrics.ts'
import { formatConfidence, formatCount } from './numbers.ts'

/** The head of the column of pictures; kept in one line. */
const WORSE_BETTER = 'worse\u00a0┊\u00a0better'

/** The table that answers why: a row for each metric, champion and candidate, difference, picture, gates. */
export function gateTable(gate: Gate): Block[] {
  const confidence = formatConfidence(gate.confidence)
  const apart = gate.gates.filter(
    ({ metric, slice, by }) =>
      slice !== undefined || by !== undefined || !gate.metrics.some(({ name }) => name === metric),
  )
  if (!gate.champion) {
    const table: Table = {
      head: ['', `candidate, ${confidence} interval`, 'gate'],
      align: ['l', 'r', 'l'],
      rows: [
        ...gate.metrics.map((metric) => {
          const scale = scaleOf(metric.name, metric, gate.gates)
          return [
            metricFacts(metric.name).label,
            formatEstimate(metric.candidate, scale),
            gateCell(gate, metric, scale),
          ]
        }),
        ...apart.map((each) => {
          const { candidate, scale } = measuredApart(gate, each)
          return [
            nameApart(each),
            candidate ? formatEstimate(candidate, scale) : '—',
            cellApart(each, candidate, scale),
          ]
        }),
      ],
    }
    return [{ table }]
  }
  const { version, stage } = gate.champion
  const table: Table = {
    head: [
      '',
      `${stage ?? 'champion'} ${version}`,
      'candidate',
      `difference, ${confidence} interval`,
      WORSE_BETTER,
      'gate',
    ],
    align: ['l', 'r', 'r', 'r', 'c', 'l'],
    rows: [...gate.metrics.map((metric) => metricRow(gate, metric)), ...apart.map((each) => rowApart(gate, each))],
  }
  const legend: Phrase = [
    code('├─●─┤'),
    ` where the difference lies (${confidence} interval) · `,
    code('┊'),
    ' the loss that is allowed · ',
    code('│'),
    ' no difference, where none is set · right is better',
  ]
  return [{ table }, { small: legend }]
}

function metricRow(gate: Gate, metric: MetricResult): Phrase[] {
  const scale = scaleOf(metric.name, metric, gate.gates)
  return [
    metricFacts(metric.name).label,
    formatValue(metric.champion?.value, scale),
    formatValue(metric.candidate.value, scale),
    metric.difference ? formatEstimate(metric.difference, scale, { sign: true }) : '—',
    picture(metric, marginOf(gate.gates, metric.name)),
    gateCell(gate, metric, scale),
  ]
}

/** What is known of the numbers behind a gate on a slice or between groups. */
function measuredApart({ slices, fairness = [], gates }: Gate, { metric, slice, by }: GateResult): Apart {
  const found =
    by === undefined
      ? slices.find((each) => each.name === slice && each.metric === metric)
      : fairness.find((each) => each.by === by && each.metric === metric)
  const same = gates.filter((each) => each.metric === metric && each.slice === slice && each.by === by)
  const scale = scaleOf(
    metric,
    found ?? { candidate: { value: null, low: null, high: null } },
    same.map(({ slice: _, by: __, ...rule }) => rule),
  )
  return found ? { candidate: found.candidate, champion: found.champion, scale } : { scale }
}

interface Apart {
  candidate?: Estimate
  champion?: Estimate | null
  scale: Scale
}

function rowApart(gate: Gate, each: GateResult): Phrase[] {
  const { candidate, champion, scale } = measuredApart(gate, each)
  return [
    nameApart(each),
    formatValue(champion?.value, scale),
    each.by === undefined || !candidate ? formatValue(candidate?.value, scale) : formatEstimate(candidate, scale),
    '—',
    '',
    cellApart(each, candidate, scale),
  ]
}

/** A gate as plain text: `AUC min 0.60`, `Recall max_regression 0.01 where origin = 'ORD'`. */
export function ruleName({ rule, written, ...of }: GateResult): string {
  return `${plain(nameApart({ rule, written, ...of }))} ${rule}${rule === 'must_improve' && written === 'true' ? '' : ` ${written}`}`
}

function nameApart({ metric, slice, by }: GateResult): Phrase {
  const { label } = metricFacts(metric)
  if (by !== undefined) return phrase`${label} by ${code(by)}`
  return slice === undefined ? label : phrase`${label} where ${code(slice)}`
}

function cellApart(each: GateResult, candidate: Estimate | undefined, scale: Scale): string {
  return candidate && candidate.value !== null && (lets(each.verdict) || each.by !== undefined)
    ? `${ICONS[each.verdict]} ${asks(each, scale)}`
    : reasonOf(each)
}

function picture(
  { name, difference }: Pick<MetricResult, 'name' | 'difference'>,
  margin: number | null | undefined,
): Phrase {
  if (!difference || margin === undefined) return ''
  return code(drawInterval({ ...difference, margin, better: metricFacts(name).better }))
}

/** What the gates of a metric ask, each with its verdict; why a number is missing, where one is. */
function gateCell(gate: Gate, metric: MetricResult, scale: Scale): Phrase {
  const gates = overall(gate.gates, metric.name)
  const lines = gates.map((each): Phrase => {
    const unknown = metric.candidate.value === null || (metric.difference !== null && metric.difference.value === null)
    return unknown && !lets(each.verdict) ? reasonOf(each) : `${ICONS[each.verdict]} ${asks(each, scale)}`
  })
  if (lines.length > 0) return { lines }
  return metric.candidate.value === null ? (metric.candidate.reason ?? 'not known') : ''
}

function reasonOf({ verdict, reason }: GateResult): string {
  return `${ICONS[verdict]} ${reason}`
}

function asks({ rule, limit, written, metric }: GateResult, scale: Scale): string {
  const value = formatLimit(limit, scale)
  if (rule === 'min') return `at least ${value}`
  if (rule === 'max') return `at most ${value}`
  const share = /-?\d+(?:\.\d+)?(?=%)/.exec(written)?.[0]
  const amount = share === undefined ? value : `${share}\u00a0% (${formatValue(limit, scale)})`
  const [worsen, improve] = metricFacts(metric).better === 'higher' ? ['lose', 'gain'] : ['gain', 'lose']
  if (rule === 'must_improve') return limit === 0 ? 'must be better' : `must ${improve} at least ${amount}`
  return `may ${worsen} at most ${amount}`
}

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
  return [{ details: title, open: count('fail') > 0, blocks: [{ table }] }]
}

function sliceRow(gate: Gate, slice: Gate['slices'][number], named: boolean): Phrase[] {
  const { name, rows, metric, candidate, champion, difference, verdict, reason } = slice
  const scale = scaleOf(metric, slice, gate.gates)
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
