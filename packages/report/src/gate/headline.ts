import { gravest, isComparing, lets, metricFacts, type Verdict } from '@modelyard/spec'
import { code, type Phrase, phrase, strong } from '../document/document.ts'
import { formatAbout, formatConfidence, formatCount } from '../document/numbers.ts'
import {
  formatAmount,
  formatAmountNumber,
  formatMargin,
  type Gate,
  type GateResult,
  improvement,
  marginOf,
  overall,
  scaleOf,
} from './metrics.ts'

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
 * gates and those of the `others` that it stands on, and the gravest counts; a record without gates has looked at nothing
 * and fails.
 */
export function gateHeadline(gate: Gate, others: readonly Verdict[] = []): Headline {
  const judged = gate.champion ? gate.gates : gate.gates.filter(({ rule }) => !isComparing(rule))
  const tests = (gate.behaviour ?? []).map((each) => each.verdict)
  const verdict = gravest([gate.verdict, gravest(judged.map((each) => each.verdict)), ...tests, ...others])
  if (verdict === 'inconclusive') return undecided(gate)
  if (lets(verdict) && gate.approval && gate.approval.length > 0) return needsApproval(gate, verdict, gate.approval)
  if (!gate.champion) return withoutChampion(gate, verdict, judged)
  if (gate.champion.sha256 === gate.candidate.sha256) return identical(gate, verdict)
  return lets(verdict) ? passed(gate, verdict) : refused(gate, verdict)
}

/** Not enough evidence, where the model file leaves it to a person. */
function needsApproval({ model, champion, alone }: Gate, verdict: Verdict, [reason = '']: readonly string[]): Headline {
  const what = champion
    ? `before it replaces ${champion.version}`
    : alone
      ? 'before it is live'
      : 'as the first version'
  return {
    verdict,
    first: phrase`⚠️ ${code(model)}: a person has to approve this ${what}`,
    story: phrase`${emphasised(reason)} It may be merged, and goes only where a reviewer of the stage's environment lets it.`,
  }
}

function withoutChampion(gate: Gate, verdict: Verdict, absolute: readonly GateResult[]): Headline {
  const name = code(gate.model)
  const what = gate.alone ? 'judged alone, as was asked' : 'first version'
  if (!lets(verdict))
    return { verdict, first: phrase`❌ ${name}: ${what}, and not good enough`, story: storyOf(gate, verdict) }
  const all = absolute.length
  const open = absolute.filter((each) => each.verdict !== 'pass').length
  const gates =
    open > 0
      ? `${open} of ${all} absolute gates ${open === 1 ? 'is' : 'are'} undecided, which only warns`
      : `${all === 1 ? 'The absolute gate passes' : `All ${all} absolute gates pass`}${warned(verdict)}`
  const why = gate.alone ? 'compared with no version' : 'nothing to compare with'
  return { verdict, first: phrase`${ICONS[verdict]} ${name}: ${what}, ${why}. ${gates}` }
}

/** What a first line says of warnings, which stand below it. */
function warned(verdict: Verdict): string {
  return verdict === 'warn' ? ', with warnings' : ''
}

function identical(gate: Gate, verdict: Verdict): Headline {
  const same = phrase`${code(gate.model)} is byte for byte the same as ${gate.champion!.version}`
  if (lets(verdict)) return { verdict, first: phrase`${ICONS[verdict]} ${same}: nothing changes${warned(verdict)}` }
  return { verdict, first: phrase`❌ ${same}, and does not pass its gates`, story: storyOf(gate, verdict) }
}

function passed(gate: Gate, verdict: Verdict): Headline {
  const { version } = gate.champion!
  const name = code(gate.model)
  const icon = ICONS[verdict]
  // What is undecided is neither better nor not worse, whatever the model file makes of it.
  if (gate.gates.some((each) => each.verdict !== 'pass')) {
    const first = phrase`${icon} ${name}: not enough evidence to say whether it is good enough to replace ${version}; the model file asks only for a warning`
    return { verdict, first }
  }
  const deciding = decidingMetric(gate)
  const and = warned(verdict)
  if (!deciding) {
    return { verdict, first: phrase`${icon} ${name} passes every gate${and}; none compares it with ${version}` }
  }
  const { metric, difference, scale } = deciding
  const { label } = metricFacts(metric)
  const signed = (value: number) => formatAmountNumber(value, metric, scale, { sign: true })
  const interval = `${formatConfidence(gate.confidence)} interval ${signed(difference.low)} to ${signed(difference.high)}`
  const amount = `${label} ${formatAmount(difference.value, metric, scale, { sign: true })}`
  if (improvement(metric, difference)!.low > 0) {
    return { verdict, first: phrase`${icon} ${name} is better than ${version}${and}: ${amount} (${interval})` }
  }
  const margin = marginOf(gate.gates, metric)
  const allowed = margin === null ? '' : `; at most ${formatMargin(margin, metric, scale)} worse is allowed`
  return {
    verdict,
    first: phrase`${icon} ${name} is not worse than ${version}${and}: ${amount} (${interval}${allowed})`,
  }
}

function refused(gate: Gate, verdict: Verdict): Headline {
  const first = phrase`❌ ${code(gate.model)} is not good enough to replace ${gate.champion!.version}`
  return { verdict, first, story: storyOf(gate, verdict) }
}

function undecided(gate: Gate): Headline {
  const verdict = 'inconclusive'
  const open = gate.gates.filter((each) => each.verdict === verdict)
  const story = storyOf(gate, verdict)
  const comparing = open.every(({ rule }) => isComparing(rule))
  const elsewhere = [...(gate.behaviour ?? []), ...gate.slices].some((each) => each.verdict === verdict)
  if (!gate.champion && comparing && !elsewhere)
    return { verdict, first: phrase`🟡 ${code(gate.model)}: no version to compare with`, story }
  const known = open.every((each) => each.rows_needed !== null)
  const more = known ? Math.max(0, ...open.map((each) => each.rows_needed! - gate.holdout.rows)) : 0
  const advice = more > 0 ? `. About ${formatAbout(more)} more labelled rows would settle it` : ''
  return { verdict, first: phrase`🟡 ${code(gate.model)}: not enough evidence to say${advice}`, story }
}

/** The gravest reason, as the gate wrote it; what it found stands out from the numbers in brackets. */
function storyOf(gate: Gate, verdict: Verdict): Phrase {
  const tests = gate.behaviour ?? []
  const reason = [...gate.gates, ...tests].find((each) => each.verdict === verdict)?.reason ?? gate.reasons[0]
  return reason === undefined ? 'No gate has looked at it.' : emphasised(reason)
}

function emphasised(reason: string): Phrase {
  const numbers = reason.indexOf(' (')
  return numbers < 0 ? reason : [strong(reason.slice(0, numbers)), reason.slice(numbers)]
}

/** The metric of the first gate that compares with the champion; undefined where its interval is not known. */
function decidingMetric(gate: Gate) {
  const comparing = gate.gates.find(
    ({ rule, slice, by }) => isComparing(rule) && slice === undefined && by === undefined,
  )
  const result = gate.metrics.find(({ name }) => name === comparing?.metric)
  const { difference } = result ?? {}
  if (!result || !difference || difference.low === null || difference.value === null || difference.high === null)
    return undefined
  const { low, value, high } = difference
  return {
    metric: result.name,
    difference: { low, value, high },
    scale: scaleOf(result.name, result, overall(gate.gates, result.name)),
  }
}

/** `1 of 4 gates failed`, `All 4 gates pass`. */
export function gateCount(gates: readonly GateResult[]): string {
  const total = gates.length
  const count = (verdict: Verdict) => gates.filter((each) => each.verdict === verdict).length
  const of = `of ${formatCount(total)} gates`
  if (total === 0) return 'no gate was looked at'
  if (count('fail') > 0) return `${count('fail')} ${of} failed`
  const open = count('inconclusive') + count('warn')
  if (open > 0) return `${open} ${of} undecided`
  return total === 1 ? 'the gate passes' : `all ${total} gates pass`
}
