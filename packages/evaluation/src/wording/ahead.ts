import { type Evidence, metricFacts } from '@modelyard/spec'
import { about, changeScale, short } from './numbers.ts'

/**
 * «Accuracy needs about 16,000 rows at a margin of 0.5 points, if the models differ on 5 % of the rows; the hold-out has
 * 8,000 rows: expect not enough evidence, unless the candidate is better by 0.2 points or worse by 1.2 points.»
 */
export function sayAhead(evidence: Omit<Evidence, 'sentence'>, tooSmall: boolean): string {
  const { metric, slice, rule, margin, rows, groups, rows_needed, detectable, basis } = evidence
  const label = `${slice === undefined ? '' : `${slice}: `}${metricFacts(metric).label}`
  const there = slice === undefined ? '' : ' there'
  const { factor, unit } = changeScale(metric)
  const withUnit = (number: string) => `${number}${number === '1' ? unit.replace(/s$/, '') : unit}`
  const size = (x: number) => withUnit(short(Number((Math.abs(x) * factor).toPrecision(2))))
  const written = withUnit(short(Math.abs(margin) * factor))
  const inGroups = (count: number) => (groups === null ? '' : ` in ${about(count * (groups / rows))} groups`)
  const here = `${rows.toLocaleString('en-US')} rows${groups === null ? '' : ` in ${groups.toLocaleString('en-US')} groups`}${there}`
  const few = 'too few to go by. Expect not enough evidence.'
  if (rows_needed === null) {
    const asked = margin < 0 ? `be better by ${written}` : rule === 'must_improve' ? 'be better' : 'not be worse at all'
    const must = `${label} must ${asked}, and no number of rows shows that of an equal candidate`
    if (tooSmall) return `${must}; the hold-out has ${here}: ${few}`
    return `${must}. With ${here}, one that is truly better by ${size(detectable)} passes in four of five cases, if the models differ ${basis}.`
  }
  const needs = `${label} needs about ${about(rows_needed)} rows${inGroups(rows_needed)} at a margin of ${written}, if the models differ ${basis}; the hold-out has ${here}`
  if (tooSmall) return `${needs}: ${few}`
  if (rows < rows_needed)
    return `${needs}: expect not enough evidence, unless the candidate is better by ${size(detectable)} or worse by ${size(detectable + 2 * margin)}.`
  const least = detectable < 0 ? `is worse by no more than ${size(detectable)}` : 'is as good'
  return `${needs}, so that one that ${least} passes in four of five cases.`
}
