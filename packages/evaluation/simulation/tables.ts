import { fairness, parity } from './fairness-tables.ts'
import { callsForP99, type Finding, GATES } from './findings.ts'
import { distinct, percent, points, table, thousands } from './markdown.ts'

/** The findings as markdown: the tables of docs/intervals.md. */
export function write(findings: readonly Finding[]): string {
  const of = (question: Finding['question']) => findings.filter((finding) => finding.question === question)
  return [
    '### Passing a candidate that is exactly one point worse',
    margin(of('margin')),
    '### What a gate is worth: how often each passes a candidate',
    power(of('power')),
    '### Twenty equal slices',
    slices(of('slices')),
    '### Groups that are treated alike',
    parity(of('parity')),
    '### Groups that are not: what a gate that allows 0.1 comes to',
    fairness(of('fairness')),
    '### How often an interval of 95 % covers the truth',
    coverage(of('coverage')),
    '### What is computed exactly',
    exact(of('exact')),
  ].join('\n\n')
}

function margin(findings: readonly Finding[]): string {
  const discordances = distinct(findings.map(({ discordance }) => discordance!))
  const rows = distinct(findings.map(({ name, rows }) => `${name}\t${rows}`)).map((key) => {
    const [name, size] = key.split('\t') as [string, string]
    const rates = discordances.map((discordance) =>
      findings.find((one) => one.name === name && one.rows === Number(size) && one.discordance === discordance),
    )
    return [name, thousands(Number(size)), ...rates.map((found) => percent(found!.rate))]
  })
  const header = ['metric', 'rows', ...discordances.map((share) => `models differ on ${percent(share, 0)}`)]
  const worst = findings.toSorted((one, other) => other.rate - one.rate)[0]!
  return [
    table(header, rows),
    `Worst: ${percent(worst.rate)} for ${worst.name} with ${thousands(worst.rows!)} rows and ${percent(worst.discordance!, 0)}; ${thousands(worst.trials!)} trials each, standard error ${percent(Math.sqrt((0.025 * 0.975) / worst.trials!), 2)}.`,
  ].join('\n\n')
}

function power(findings: readonly Finding[]): string {
  const worlds = distinct(findings.map(({ rows, difference }) => `${rows}\t${difference}`))
  const rows = worlds.map((key) => {
    const [size, difference] = key.split('\t').map(Number) as [number, number]
    const rates = GATES.map((gate) =>
      findings.find((one) => one.rows === size && one.difference === difference && one.of === gate),
    )
    return [thousands(size), points(difference), ...rates.map((found) => percent(found!.rate))]
  })
  const header = [
    'rows',
    'truly better by',
    'this gate passes',
    'is inconclusive',
    'fails',
    '`≥` champion',
    '`≥` champion − 1 point',
    '“not significantly worse”',
  ]
  return table(header, rows)
}

function slices(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ difference, rate, trials, rows }) =>
        `${thousands(rows!)} rows in twenty slices, the candidate ${difference === 0 ? 'as good as the champion' : `${points(difference!)} points off, exactly at the margin,`} in each: a slice fails in ${percent(rate)} of ${thousands(trials!)} trials.`,
    )
    .join('\n\n')
}

function coverage(findings: readonly Finding[]): string {
  const populations = distinct(findings.map(({ name }) => name))
  const metrics = distinct(findings.map(({ of }) => of.split(' ')[0]!))
  const rows = metrics.map((metric) => [
    `\`${metric}\``,
    ...populations.map((population) =>
      ['candidate', 'difference']
        .flatMap((arm) => findings.find(({ name, of }) => name === population && of === `${metric} ${arm}`) ?? [])
        .map(({ rate }) => percent(rate))
        .join(' · '),
    ),
  ])
  return table(['of one model · of the difference', ...populations], rows)
}

function exact(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, rows, of, rate }) => [name, thousands(rows!), of, percent(rate)])
  return [
    table(['interval', 'rows', 'of which', 'covers'], rows),
    `Clopper–Pearson is conservative. The times of ${callsForP99() - 1} calls do not bound a p99 from above, whatever they are; ${callsForP99()} do.`,
  ].join('\n\n')
}
