import { metricFacts, type Predicate, type Verdict } from '@modelyard/spec'
import { sayFirstRows } from '../report/first-rows.ts'
import type { ModelRecords } from '../report/report.ts'
import { ruleName } from './gate-cells.ts'

/** One thing that was looked at, and what it came to. */
export interface Finding {
  group: 'data' | 'gates' | 'slices' | 'behaviour'
  name: string
  verdict: Verdict
  reason: string
  /** The line of the model file or the contract that asks for it. */
  line?: number
}

/** All that a model's records looked at, in the order of the report. */
export function findingsOf({ validation, gate }: ModelRecords): Finding[] {
  return [
    ...(validation?.predicate.checks ?? []).map(ofCheck),
    ...(gate?.predicate.gates ?? []).map((each): Finding => ({ group: 'gates', name: ruleName(each), ...pick(each) })),
    ...(gate?.predicate.slices ?? []).map(
      (each): Finding => ({
        group: 'slices',
        name: `${metricFacts(each.metric).label} where ${each.name}`,
        ...pick(each),
      }),
    ),
    ...(gate?.predicate.behaviour ?? []).map(
      (each): Finding => ({ group: 'behaviour', name: `${each.column} ${each.change}`, ...pick(each) }),
    ),
  ]
}

/** A check in words: what is asked stands as a rule that holds, so that both are named. */
export function sayCheck({
  expected,
  found,
}: Pick<Predicate<'validation'>['checks'][number], 'expected' | 'found'>): string {
  return `Asked: ${expected} Found: ${found}`
}

/** A check with the data that it is about: `holdout late: Asked: … Found: …`. */
export function sayData(check: Predicate<'validation'>['checks'][number]): string {
  return `${[check.dataset, check.column].filter((part) => part !== null).join(' ')}: ${sayCheck(check)}`
}

function ofCheck(check: Predicate<'validation'>['checks'][number]): Finding {
  const { dataset, column, rule, verdict, line } = check
  const name = [dataset, column, rule].filter((part) => part !== null).join(' ')
  return { group: 'data', name, ...pick({ verdict, reason: `${sayCheck(check)}${sayFirstRows(check)}`, line }) }
}

function pick({ verdict, reason, line }: { verdict: Verdict; reason: string; line?: number | undefined }) {
  return { verdict, reason, ...(line === undefined ? {} : { line }) }
}
