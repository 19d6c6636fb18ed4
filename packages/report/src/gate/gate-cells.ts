import { type Estimate, type MetricName, metricFacts } from '@modelyard/spec'
import { code, type Phrase, phrase, plain } from '../document/document.ts'
import { drawInterval } from '../pictures/interval-picture.ts'
import { ICONS } from './headline.ts'
import { formatLimit, formatValue, type GateResult, type Scale } from './metrics.ts'

/** The head of the column of pictures; kept in one line. */
export const WORSE_BETTER = 'worse\u00a0┊\u00a0better'

/** A difference against the loss that is allowed; nothing where there is none to draw, or the margin is not known. */
export function picture(
  { name, difference }: { name: MetricName; difference: Estimate | null },
  margin: number | null | undefined,
): Phrase {
  if (!difference || margin === undefined) return ''
  return code(drawInterval({ ...difference, margin, better: metricFacts(name).better }))
}

/** A gate as plain text: `AUC min 0.60`, `Recall max_regression 0.01 where origin = 'ORD'`. */
export function ruleName({
  rule,
  written,
  ...of
}: Pick<GateResult, 'metric' | 'slice' | 'by' | 'rule' | 'written'>): string {
  return `${plain(nameApart(of))} ${rule}${rule === 'must_improve' && written === 'true' ? '' : ` ${written}`}`
}

/** A metric, and the part or the groups that a gate looks at. */
export function nameApart({ metric, slice, by }: Pick<GateResult, 'metric' | 'slice' | 'by'>): Phrase {
  const { label } = metricFacts(metric)
  if (by !== undefined) return phrase`${label} by ${code(by)}`
  return slice === undefined ? label : phrase`${label} where ${code(slice)}`
}

/** A verdict and its reason. */
export function reasonOf({ verdict, reason }: GateResult): string {
  return `${ICONS[verdict]} ${reason}`
}

/** What a gate asks, in a few words: `may be at most 0.005 worse`. */
export function asks({ rule, limit, written, metric }: GateResult, scale: Scale): string {
  const value = formatLimit(limit, metric)
  if (rule === 'min') return `at least ${value}`
  if (rule === 'max') return `at most ${value}`
  const share = /-?\d+(?:\.\d+)?(?=%)/.exec(written)?.[0]
  const amount = share === undefined ? value : `${share}\u00a0% (${formatValue(limit, scale)})`
  if (rule === 'must_improve') return limit === 0 ? 'must be better' : `must be at least ${amount} better`
  return limit === 0 ? 'may not be worse' : `may be at most ${amount} worse`
}
