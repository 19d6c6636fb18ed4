import { gravest, lets, METRICS, type MetricName, type Verdict } from '@modelyard/spec'
import { code, type Phrase, phrase, strong } from './document.ts'
import {
  type Compared,
  formatAmount,
  formatAmountNumber,
  type formatEstimate,
  formatLimit,
  formatMargin,
  formatValue,
  type Gate,
  type GateResult,
  improvement,
  improvementInWords,
  marginOf,
  scaleOf,
} from './metrics.ts'
import { countOf, formatAbout, formatConfidence, formatCount } from './numbers.ts'

/** The first line of a report, the sentence that explains it, and what follows from both. */
export interface Headline {
  verdict: Verdict
  first: Phrase
  /** Where the first line does not say it all. */
  story?: Phrase
}

export const ICONS: Record<Verdict, string> = { pass: '✅', warn: '⚠️', fail: '❌', inconclusive: '🟡' }

/**
 * What a gate record says in a line. Never better than the record: its verdict is held against those of its own
 * gates, and the gravest counts; a record without gates has looked at nothing and fails.
 */
export function gateHeadline(gate: Gate): Headline {
  const judged = gate.champion ? gate.gates : gate.gates.filter(({ rule }) => rule === 'min' || rule === 'max')
  const verdict = gravest([gate.verdict, gravest(judged.map((each) => each.verdict))])
  if (verdict === 'inconclusive') return undecided(gate)
  if (!gate.champion) return firstVersion(gate, verdict, judged)
  if (gate.champion.sha256 === gate.candidate.sha256) return identical(gate, verdict)
  return lets(verdict) ? passed(gate, verdict) : refused(gate, verdict)
}

function firstVersion(gate: Gate, verdict: Verdict, absolute: GateResult[]): Headline {
  const count = absolute.length
  const gates = count === 1 ? 'The absolute gate passes' : `All ${count} absolute gates pass`
  const failed = absolute.filter((each) => !lets(each.verdict))
  if (lets(verdict)) {
    return { verdict, first: phrase`✅ ${code(gate.model)}: first version, nothing to compare with. ${gates}` }
  }
  const first = phrase`❌ ${code(gate.model)}: first version, not good enough`
  return {
    verdict,
    first,
    story: failed[0] ? gateStory(gate, failed[0]) : (gate.reasons[0] ?? 'No gate has looked at it.'),
  }
}

function identical(gate: Gate, verdict: Verdict): Headline {
  const same = phrase`${code(gate.model)} is byte for byte the same as ${gate.champion!.version}`
  if (lets(verdict)) return { verdict, first: phrase`✅ ${same}: nothing changes` }
  return { verdict, first: phrase`❌ ${same}, and does not pass its gates`, story: refused(gate, verdict).story! }
}

function passed(gate: Gate, verdict: Verdict): Headline {
  const { version } = gate.champion!
  const name = code(gate.model)
  const deciding = decidingMetric(gate)
  if (!deciding) return { verdict, first: phrase`✅ ${name} passes every gate; none compares it with ${version}` }
  const { metric, difference, scale } = deciding
  const { label } = METRICS[metric]
  const signed = (value: number) => formatAmountNumber(value, metric, scale, { sign: true })
  const interval = `${formatConfidence(gate.confidence)} interval ${signed(difference.low)} to ${signed(difference.high)}`
  const amount = `${label} ${formatAmount(difference.value, metric, scale, { sign: true })}`
  if (improvement(metric, difference)!.low > 0) {
    return { verdict, first: phrase`✅ ${name} is better than ${version}: ${amount} (${interval})` }
  }
  const margin = marginOf(gate.gates, metric)
  const allowed = margin === null ? '' : `; ${allowance(metric, formatMargin(margin, metric, scale))}`
  return { verdict, first: phrase`✅ ${name} is not worse than ${version}: ${amount} (${interval}${allowed})` }
}

function refused(gate: Gate, verdict: Verdict): Headline {
  const failed = gate.gates.find((each) => each.verdict === 'fail')
  return {
    verdict,
    first: phrase`❌ ${code(gate.model)} is not good enough to replace ${gate.champion!.version}`,
    story: failed ? gateStory(gate, failed) : (gate.reasons[0] ?? 'No gate has looked at it.'),
  }
}

function undecided(gate: Gate): Headline {
  const open = gate.gates.filter((each) => each.verdict === 'inconclusive')
  const rows = open.every((each) => each.rows_needed !== null)
    ? Math.max(0, ...open.map((each) => each.rows_needed!))
    : 0
  const more = rows - gate.holdout.rows
  const advice = more > 0 ? `. About ${formatAbout(more)} more labelled rows would settle it` : ''
  return {
    verdict: 'inconclusive',
    first: phrase`🟡 ${code(gate.model)}: not enough evidence to say${advice}`,
    story: open[0] ? gateStory(gate, open[0]) : (gate.reasons[0] ?? 'No gate has looked at it.'),
  }
}

/** Why a gate does not let the candidate through, in words and with its numbers. */
function gateStory(gate: Gate, failed: GateResult): Phrase {
  const { metric, rule, limit } = failed
  const result = gate.metrics.find(({ name }) => name === metric)
  const change = improvement(metric, result?.difference)
  if (!result || result.candidate.value === null) return failed.reason
  const { label } = METRICS[metric]
  const scale = scaleOf(metric, result, gate.gates)
  const confidence = `${formatConfidence(gate.confidence)} interval`
  if (rule === 'min' || rule === 'max') {
    const asked = `${rule === 'min' ? 'at least' : 'at most'} ${formatLimit(limit, scale)} is asked`
    const known = result.candidate.low === null ? '' : `${confidence}: `
    const range = result.candidate.low === null ? '' : rangeOf(result.candidate, scale)
    return phrase`${strong(`${label} is ${formatValue(result.candidate.value, scale)}`)} (${known}${range}${range ? '; ' : ''}${asked}).`
  }
  if (!change || !gate.champion) return failed.reason
  const asked = rule === 'max_regression' ? allowance(metric, formatMargin(limit, metric, scale)) : 'it must be better'
  const words = improvementInWords(metric, change, scale)
  const than = gate.champion.stage === null ? gate.champion.version : `the version in ${gate.champion.stage}`
  if (failed.verdict === 'inconclusive' || (change.low < 0 && change.high > 0)) {
    const rows = `The hold-out has ${countOf(gate.holdout.rows, 'row')}.`
    return phrase`${strong(`${label} may be ${words}`)} than ${than} (${confidence}, ${unitOf(metric, scale)}${asked}). ${rows}`
  }
  const amount = formatAmount(Math.abs(change.value), metric, scale)
  const side = change.value < 0 ? 'worse' : 'better'
  return phrase`${strong(`${label} is ${amount} ${side}`)} than ${than} (${confidence}: ${words}; ${asked}).`
}

function unitOf(metric: MetricName, scale: Parameters<typeof formatAmount>[2]): string {
  const unit = formatAmount(0, metric, scale).replace(/^[\d.,]+\s*/u, '')
  return unit === '' ? '' : `in ${unit}; `
}

function rangeOf(estimate: Compared['candidate'], scale: Parameters<typeof formatEstimate>[1]): string {
  return `${formatValue(estimate.low, scale)} to ${formatValue(estimate.high, scale)}`
}

function allowance(metric: MetricName, amount: string): string {
  return METRICS[metric].better === 'higher' ? `at most ${amount} may be lost` : `at most ${amount} may be gained`
}

/** The metric of the first gate that compares with the champion; undefined where its interval is not known. */
function decidingMetric(gate: Gate) {
  const comparing = gate.gates.find(({ rule }) => rule === 'max_regression' || rule === 'must_improve')
  const result = gate.metrics.find(({ name }) => name === comparing?.metric)
  const { difference } = result ?? {}
  if (!result || !difference || difference.low === null || difference.value === null || difference.high === null)
    return undefined
  const { low, value, high } = difference
  return { metric: result.name, difference: { low, value, high }, scale: scaleOf(result.name, result, gate.gates) }
}

/** `1 of 4 gates failed`, `All 4 gates pass`. */
export function gateCount(gates: readonly GateResult[]): string {
  const total = gates.length
  const count = (verdict: Verdict) => gates.filter((each) => each.verdict === verdict).length
  const of = `of ${formatCount(total)} gates`
  if (total === 0) return 'no gate was looked at'
  if (count('fail') > 0) return `${count('fail')} ${of} failed`
  if (count('inconclusive') > 0) return `${count('inconclusive')} ${of} undecided`
  return total === 1 ? 'the gate passes' : `all ${total} gates pass`
}
