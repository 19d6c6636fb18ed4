import { type Column, countValues, findBins } from '@modelyard/data'
import { FALSE_DISCOVERIES, METRICS, type Measured, type Metric, measure, valuesNeeded } from '@modelyard/drift'
import type { Verdict } from '@modelyard/spec'
import { type Asked, counted, type Finding, number, type Whole } from '../../checks/plan.ts'
import type { Drift } from './implementation.ts'
import { type Reference, refuseItself, withReference } from './reference.ts'

/** How the metrics are called in sentences. */
const NAMES: Record<Metric, string> = {
  ks: 'Kolmogorov–Smirnov distance',
  psi: 'population stability index',
  jensen_shannon: 'Jensen–Shannon distance',
  nulls: 'change in the share of nulls',
  new_categories: 'share of rows with a new category, beyond what chance explains,',
  out_of_range: 'growth in the share of numbers out of range',
  single_value: 'growth of a single value',
}

/**
 * A column may be at most so far from that of other files, by one of the measures of drift. Too few rows to tell, and a
 * distance beyond the limit that noise alone could make (p above 0.01), are inconclusive. Categories that come once in the
 * reference say how many are new by chance.
 */
export function planDrift(
  asked: Asked,
  column: Column,
  { metric, max }: Drift,
  reference: Reference,
  failed: Verdict,
): Asked & Whole {
  return {
    ...asked,
    kind: 'whole',
    find: (dataset) =>
      withReference(reference, [column], async (other) => {
        refuseItself(dataset, other)
        const theirs = other.columns.find(({ name }) => name === column.name)!
        const bins = await findBins(other, theirs)
        const ours = await findBins(dataset, column)
        if (!bins || bins.kind !== ours?.kind) {
          const types =
            theirs.type === column.type ? `It is ${column.type}` : `It is ${column.type} here and ${theirs.type} there`
          return inconclusive(`${types}: there are no numbers or categories to compare.`)
        }
        const wanted = metric ?? METRICS[bins.kind][0]!
        if (!METRICS[bins.kind].includes(wanted)) return inconclusive(`${metric} is not for a ${bins.kind}.`)
        const needed = valuesNeeded(other.rows, 1)
        if (needed === null || dataset.rows < needed) {
          const few = needed === null ? other.rows : dataset.rows
          return inconclusive(
            `${counted(few)} ${needed === null ? 'there' : 'here'} are too few to tell drift from noise.`,
          )
        }
        const [before, after] = [await countValues(other, bins), await countValues(dataset, bins)]
        const measured = measure(wanted, { bins, before, after })
        if (!measured) return inconclusive('There are no values to compare.')
        return judge(NAMES[wanted], measured, max, failed)
      }),
  }
}

function judge(name: string, { value, p }: Measured, max: number, failed: Verdict): Finding {
  const found = `The ${name} is ${number(value)}`
  if (value <= max) return { verdict: 'pass', found: `${found}.`, failing: 0 }
  if (p > FALSE_DISCOVERIES) return inconclusive(`${found}, which noise alone could make of so few rows.`)
  return { verdict: failed, found: `${found}.`, failing: 0 }
}

function inconclusive(found: string): Finding {
  return { verdict: 'inconclusive', found, failing: 0 }
}
