import { type Estimate, metricFacts, type VersionFile } from '@modelyard/spec'
import { type Block, code, join, type Phrase, phrase, strong } from '../document/document.ts'
import { countOf, formatBytes } from '../document/numbers.ts'
import { formatAmount, formatAmountNumber, formatEstimate, improvement, scaleOf } from '../gate/metrics.ts'
import { nameOf } from '../report/details.ts'

/** How a version compares with its champion, in a sentence. */
export function comparison(version: Pick<VersionFile, 'champion' | 'metrics' | 'verdict' | 'approval'>): Phrase {
  const { champion, metrics, approval } = version
  const passed = approval ? 'the gates left it to a person' : 'it passed the absolute gates'
  if (champion === null) return `A first version: there was none to compare it with, and ${passed}.`
  for (const metric of metrics) {
    const change = improvement(metric.name, metric.difference)
    if (!change) continue
    const scale = scaleOf(metric.name, metric, [])
    const { value, low, high } = metric.difference as Estimate & { value: number; low: number; high: number }
    const signed = (end: number) => formatAmountNumber(end, metric.name, scale, { sign: true })
    const side = change.low > 0 ? 'better than' : change.high < 0 ? 'worse than' : 'not told apart from'
    const { label } = metricFacts(metric.name)
    const amount = formatAmount(value, metric.name, scale, { sign: true })
    return phrase`On the same rows its ${label} is ${side} that of ${champion}: ${amount} (interval ${signed(low)} to ${signed(high)}).`
  }
  return approval
    ? phrase`The gates against ${champion} left it to a person.`
    : phrase`It passed the gates against ${champion}.`
}

/** Why a person has to approve a version, where its gates left that to one. */
export function toApprove({ approval = [] }: Pick<VersionFile, 'approval'>): Block[] {
  if (approval.length === 0) return []
  return [
    { paragraph: strong('There was not enough evidence to decide without a person. Approve only if this may be:') },
    { list: approval },
  ]
}

export function metricTable({ metrics, champion }: Pick<VersionFile, 'metrics' | 'champion'>): Block {
  return {
    table: {
      head: [
        'metric',
        'value with interval',
        ...(champion === null ? [] : [`difference from ${champion} with interval`]),
      ],
      align: ['l', 'r', ...(champion === null ? [] : (['r'] as const))],
      rows: metrics.map((metric) => {
        const scale = scaleOf(metric.name, metric, [])
        const difference = metric.difference ? formatEstimate(metric.difference, scale, { sign: true }) : '—'
        return [
          metricFacts(metric.name).label,
          formatEstimate(metric.candidate, scale),
          ...(champion === null ? [] : [difference]),
        ]
      }),
    },
  }
}

export function dataTable({ data }: Pick<VersionFile, 'data'>): Block {
  return {
    table: {
      head: ['data', 'files', 'size', 'SHA-256'],
      align: ['l', 'r', 'r', 'l'],
      rows: data.map(({ role, files, sha256 }) => [
        nameOf(role),
        countOf(files.length, 'file'),
        formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
        code(sha256),
      ]),
    },
  }
}

export function owners({ owners }: Pick<VersionFile, 'owners'>): Block[] {
  return owners.length === 0 ? [] : [{ paragraph: phrase`Owners: ${join(owners.map(code), ', ')}` }]
}
