import { metricFacts } from '@modelyard/spec'
import { type Block, code, phrase } from '../document/document.ts'
import { countOf, formatCount } from '../document/numbers.ts'
import { formatEstimate, formatValue, type Gate, scaleOf } from './metrics.ts'

type Gathered = NonNullable<NonNullable<Gate['changed']>['gathered']>

/** Where the candidate does worst: advice that no gate looks at. */
export function weakDetails({ weakest = [] }: Gate): Block[] {
  if (weakest.length === 0) return []
  return [
    {
      details: `Weakest: ${countOf(weakest.length, 'part')} of the hold-out on which the candidate does worse than on the rest, beyond chance`,
      blocks: [
        {
          table: {
            head: ['where', 'rows', 'metric', 'there', 'on the rest'],
            align: ['l', 'r', 'l', 'r', 'r'],
            rows: weakest.map(({ where, rows, metric, candidate, rest }) => {
              const scale = scaleOf(metric, { candidate }, [])
              return [
                code(where),
                formatCount(rows),
                metricFacts(metric).label,
                formatEstimate(candidate, scale),
                formatValue(rest.value, scale),
              ]
            }),
          },
        },
        {
          paragraph:
            'Found by a search, so this is advice, no verdict: name one under evaluate.slices to have it judged.',
        },
      ],
    },
  ]
}

/** Rows that changed sides, where they gather, and the command that lists them. */
export function changedDetails({ changed, champion }: Gate, command: string | undefined): Block[] {
  if (!changed || !champion || changed.newly_right + changed.newly_wrong === 0) return []
  const { newly_right, newly_wrong, gathered } = changed
  const counts = `Rows that changed sides: ${formatCount(newly_right)} newly right, ${formatCount(newly_wrong)} newly wrong`
  const blocks: Block[] = [
    ...(gathered ? [gatheredBlock(gathered)] : []),
    ...(command === undefined ? [] : [{ paragraph: 'To list them' }, { listing: command, language: 'sh' }]),
  ]
  if (blocks.length === 0) return [{ paragraph: `${counts}.` }]
  const [most] = gathered ?? []
  return [{ details: most ? phrase`${counts}; they gather where ${code(most.where)}` : counts, blocks }]
}

function gatheredBlock(gathered: Gathered): Block {
  if (gathered.length === 0) return { paragraph: 'No part of the hold-out holds more of them than chance would.' }
  return {
    table: {
      head: ['where', 'rows', 'newly right', 'newly wrong'],
      align: ['l', 'r', 'r', 'r'],
      rows: gathered.map(({ where, rows, newly_right, newly_wrong }) => [
        code(where),
        formatCount(rows),
        formatCount(newly_right),
        formatCount(newly_wrong),
      ]),
    },
  }
}
