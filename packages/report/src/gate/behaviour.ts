import { metricFacts, type Predicate } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase } from '../document/document.ts'
import { formatConfidence, formatCount, formatPercent, formatShort } from '../document/numbers.ts'
import { ICONS } from './headline.ts'
import { formatEstimate, formatLimit, type Gate, scaleOf } from './metrics.ts'

type Behaviour = NonNullable<Predicate<'gate'>['behaviour']>[number]

/** What the candidate does when a column is changed, the gravest first; open where one is not as asked. */
export function behaviourDetails({ behaviour = [] }: Gate): Block[] {
  if (behaviour.length === 0) return []
  const order = ['fail', 'inconclusive', 'warn', 'pass'] as const
  const sorted = behaviour.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  return [
    {
      details: `Behaviour: ${behaviourCount(behaviour)}`,
      open: sorted[0]?.verdict === 'fail',
      blocks: [
        {
          table: {
            head: ['change', 'rows', 'asked', 'found', ''],
            align: ['l', 'r', 'l', 'r', 'l'],
            rows: sorted.map((each) => [
              phrase`${code(each.column)} ${each.change}`,
              formatCount(each.rows),
              asked(each),
              found(each),
              each.verdict === 'pass' ? ICONS.pass : `${ICONS[each.verdict]} ${each.reason}`,
            ]),
          },
        },
      ],
    },
  ]
}

/** `all 3 tests pass`, `1 of 3 tests failed`. */
export function behaviourCount(behaviour: readonly Behaviour[]): string {
  const count = (verdict: Behaviour['verdict']) => behaviour.filter((each) => each.verdict === verdict).length
  const total = behaviour.length
  const tests = total === 1 ? 'test' : 'tests'
  if (count('fail') > 0) return `${count('fail')} of ${total} ${tests} failed`
  const open = count('inconclusive') + count('warn')
  if (open > 0) return `${open} of ${total} ${tests} undecided`
  return total === 1 ? 'the test passes' : `all ${total} tests pass`
}

const DOES = {
  unchanged: 'stays',
  increases: 'rises',
  decreases: 'falls',
  no_increase: 'does not rise',
  no_decrease: 'does not fall',
}

function asked({ expect, tolerance, metric, limit }: Behaviour): Phrase {
  if (expect !== null) {
    const by = expect === 'unchanged' ? 'to within' : 'by more than'
    const does = `${DOES[expect]}${tolerance ? ` ${by} ${formatShort(tolerance)}` : ''}`
    return `the prediction ${does} in at least ${formatConfidence(limit)} of the rows`
  }
  if (metric === null) return ''
  return `${metricFacts(metric).label} may be at most ${formatLimit(Number(limit.toPrecision(3)), metric)} worse`
}

function found({ expect, metric, found }: Behaviour): Phrase {
  if (found.value === null) return '—'
  if (expect === null && metric !== null)
    return formatEstimate(found, scaleOf(metric, { candidate: found, difference: found }, []), { sign: true })
  const ends =
    found.low === null || found.high === null
      ? ''
      : ` (${formatPercent(found.low, 1)}\u00a0…\u00a0${formatPercent(found.high, 1)})`
  return formatPercent(found.value, 1) + ends
}
