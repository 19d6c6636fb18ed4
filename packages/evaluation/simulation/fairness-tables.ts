import { FAIRNESS_GATES, type Finding } from './findings.ts'
import { distinct, percent, table, thousands } from './markdown.ts'

/** Groups that are treated alike: how often a gate says that they are not. */
export function parity(findings: readonly Finding[]): string {
  const of = (name: string, what: string) => findings.find((one) => one.name === name && one.of === what)!
  const rows = distinct(findings.map(({ name }) => name)).map((name) => {
    const comma = name.indexOf(', ')
    return [
      name.slice(0, comma),
      name.slice(comma + 2),
      percent(of(name, 'alarm').rate),
      percent(of(name, 'point gate').rate),
    ]
  })
  return [
    table(['metric', 'groups', 'this gate sees a difference', 'the point is beyond 0.1, of a ratio below 0.8'], rows),
    `${thousands(findings[0]!.trials!)} trials each. The gate allows no difference at all; half of the rows are chosen, unless it says otherwise.`,
  ].join('\n\n')
}

/** Groups that are not: what a gate comes to. */
export function fairness(findings: readonly Finding[]): string {
  const worlds = distinct(findings.map(({ name, difference }) => `${name}\t${difference}`))
  const rows = worlds.map((key) => {
    const [name, difference] = key.split('\t') as [string, string]
    const rates = FAIRNESS_GATES.map((gate) =>
      findings.find((one) => one.name === name && one.difference === Number(difference) && one.of === gate),
    )
    return [name, difference, ...rates.map((found) => percent(found!.rate))]
  })
  const header = ['groups', 'true difference', 'this gate passes', 'is inconclusive', 'fails']
  return table([...header, 'the point fails', 'four fifths fail'], rows)
}
