import { lets, metricFacts } from '@modelyard/spec'
import { type Block, code, type Phrase, type Table } from '../document/document.ts'
import { formatConfidence } from '../document/numbers.ts'
import { asks, picture, reasonOf, WORSE_BETTER } from './gate-cells.ts'
import { rowApart } from './gates-apart.ts'
import { ICONS } from './headline.ts'
import {
  formatEstimate,
  formatValue,
  type Gate,
  type MetricResult,
  marginOf,
  overall,
  type Scale,
  scaleOf,
} from './metrics.ts'

/** The table that answers why: a row for each metric, champion and candidate, difference, picture, gates. */
export function gateTable(gate: Gate): Block[] {
  const confidence = formatConfidence(gate.confidence)
  // Each once: a record that names one many times would repeat its gates as often.
  const metrics = new Map(gate.metrics.toReversed().map((metric) => [metric.name, metric]))
  const shown = [...metrics.values()].reverse()
  const apart = gate.gates.filter(
    ({ metric, slice, by }) => slice !== undefined || by !== undefined || !metrics.has(metric),
  )
  if (!gate.champion) {
    const table: Table = {
      head: ['', `candidate, ${confidence} interval`, 'gate'],
      align: ['l', 'r', 'l'],
      rows: [
        ...shown.map((metric) => {
          const scale = scaleOf(metric.name, metric, overall(gate.gates, metric.name))
          return [
            metricFacts(metric.name).label,
            formatEstimate(metric.candidate, scale),
            gateCell(gate, metric, scale),
          ]
        }),
        ...apart.map((each) => {
          const [name, , candidate, , , asked] = rowApart(gate, each)
          return [name!, candidate!, asked!]
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
    rows: [...shown.map((metric) => metricRow(gate, metric)), ...apart.map((each) => rowApart(gate, each))],
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
  const scale = scaleOf(metric.name, metric, overall(gate.gates, metric.name))
  return [
    metricFacts(metric.name).label,
    formatValue(metric.champion?.value, scale),
    formatValue(metric.candidate.value, scale),
    metric.difference ? formatEstimate(metric.difference, scale, { sign: true }) : '—',
    picture(metric, marginOf(gate.gates, metric.name)),
    gateCell(gate, metric, scale),
  ]
}

/** What the gates of a metric ask, each with its verdict; why a number is missing, where one is. */
function gateCell(gate: Gate, metric: MetricResult, scale: Scale): Phrase {
  const gates = overall(gate.gates, metric.name)
  const lines = gates.map((each): Phrase => {
    const unknown = metric.candidate.value === null || (metric.difference !== null && metric.difference.value === null)
    return unknown && !lets(each.verdict) ? reasonOf(each) : `${ICONS[each.verdict]} ${asks(each, scale)}`
  })
  if (lines.length > 0) return { lines }
  const left = gate.waiting?.filter(({ metric: of, slice, by }) => of === metric.name && !slice && !by) ?? []
  if (left.length > 0) return { lines: left.map(({ rule, written }) => `${rule} ${written}: nothing to compare with`) }
  return metric.candidate.value === null ? (metric.candidate.reason ?? 'not known') : ''
}
