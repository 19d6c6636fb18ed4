import { type Estimate, metricFacts, type Predicate } from '@modelyard/spec'
import { type Block, code, join, type Phrase, phrase } from '../document/document.ts'
import { countOf, formatCount, formatDecimal } from '../document/numbers.ts'
import { axisOf, drawRange } from '../pictures/range-picture.ts'
import { ICONS } from './headline.ts'
import { formatEstimate, formatLimit, formatValue, type Gate, scaleOf } from './metrics.ts'

type Fairness = NonNullable<Predicate<'gate'>['fairness']>[number]

const WIDTH = 21

/** How rates differ between groups: one section a metric and column, with a picture for each group; open where a gate fails. */
export function fairnessDetails(gate: Gate): Block[] {
  return (gate.fairness ?? []).map((each) => {
    const scale = scaleOf(each.metric, each, [])
    const gates = gate.gates.filter(({ metric, by }) => metric === each.metric && by === each.by)
    const asked = gates.map(
      ({ rule, limit, verdict }) =>
        `${ICONS[verdict]} ${{ min: 'at least', max: 'at most', max_regression: 'may worsen by', must_improve: 'must improve by' }[rule]} ${formatLimit(limit, each.metric)}`,
    )
    const found = phrase`${metricFacts(each.metric).label} by ${code(each.by)}: ${formatEstimate(each.candidate, scale)}`
    return {
      details: phrase`Fairness: ${join([found, ...asked], ' · ')}`,
      open: gates.some(({ verdict }) => verdict === 'fail'),
      blocks: [...groupTable(each), { paragraph: join(notesOf(gate, each), ' ') }],
    }
  })
}

const RATES: Record<Fairness['rate'], string> = {
  selection_rate: 'taken for positive',
  true_positive_rate: 'of the positive, found',
  false_positive_rate: 'of the negative, taken for positive',
  precision: 'of those taken for positive, right',
  accuracy: 'right',
}

function groupTable({ metric, by, rate, groups, candidate }: Fairness): Block[] {
  if (groups.length === 0) return []
  const axis = axisOf(
    groups.flatMap(({ rate: { low, value, high } }) => [low, value, high]),
    WIDTH,
  )
  return [
    {
      table: {
        head: [code(by), 'rows', RATES[rate], 'low\u00a0→\u00a0high'],
        align: ['l', 'r', 'r', 'l'],
        rows: groups.map(({ name, rows, rate }) => [
          code(name),
          formatCount(rows),
          rate.value === null
            ? whyNot(rate, candidate)
            : formatEstimate(rate, scaleOf(metric, { candidate: rate }, [])),
          code(drawRange(rate, axis)),
        ]),
      },
    },
  ]
}

/** Why a group has no rate; what is true of all of them stands above. */
function whyNot({ reason }: Estimate, candidate: Estimate): string {
  return reason === undefined || reason === candidate.reason ? '—' : reason
}

function notesOf(gate: Gate, { metric, candidate, champion, left_out, p_value }: Fairness): Phrase[] {
  const notes: Phrase[] = []
  if (candidate.value === null) notes.push(candidate.reason ?? 'It is not known.')
  if (champion && gate.champion)
    notes.push(
      champion.value === null
        ? phrase`Of ${gate.champion.version} it is not known.`
        : phrase`Of ${gate.champion.version} it is ${formatValue(champion.value, scaleOf(metric, { candidate: champion }, []))}.`,
    )
  if (left_out.groups > 0)
    notes.push(
      `${countOf(left_out.groups, 'group')} with ${countOf(left_out.rows, 'row')} altogether ${left_out.groups === 1 ? 'is' : 'are'} too small to be compared.`,
    )
  if (p_value !== null)
    notes.push(
      `Groups without any difference would spread as widely with probability ${p_value < 0.001 ? 'below 0.001' : formatDecimal(p_value, 3)}.`,
    )
  return notes
}
