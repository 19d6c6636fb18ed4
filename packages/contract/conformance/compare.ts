import type { Case } from './case.ts'
import { type Difference, differenceOf, differences } from './differences.ts'
import type { Outcome } from './ours.ts'

/** A case with what both tools make of it. */
export interface Compared {
  case: Case
  ours: Outcome
  theirs: Outcome
  /** Why they differ, where they do; undefined where nothing explains it. */
  difference?: Difference | undefined
}

export function compare(cases: readonly Case[], ours: readonly Outcome[], theirs: Record<string, Outcome>): Compared[] {
  return cases.map((each, index) => {
    const outcomes = { ours: ours[index]!, theirs: theirs[each.name]! }
    const equal = outcomes.ours === outcomes.theirs
    return { case: each, ...outcomes, ...(!equal && { difference: differenceOf(each, outcomes) }) }
  })
}

/** The page that says where Modelyard and datacontract-cli read the standard differently, and why. */
export function conformancePage(compared: readonly Compared[], version: string): string {
  const different = compared.filter(({ ours, theirs }) => ours !== theirs)
  const groups = [...new Set(compared.map(({ case: { group } }) => group))]
  const share = ((different.length / compared.length) * 100).toFixed(1)
  return `# Modelyard and the data contract standard

The [Open Data Contract Standard](https://bitol-io.github.io/open-data-contract-standard/) says what a contract can ask, but not always how it is counted. [datacontract-cli](https://cli.datacontract.com/) is a tool that many contracts are checked with. This page is made from ${compared.length} small contracts that both were given, with the same files: every metric of the library at each level, unit and operator, with the limit hit exactly and missed by one, the rules of the schema, logical types of columns, severities and queries; with nulls, NaN, duplicates and empty text. **${compared.length - different.length} of ${compared.length} are answered alike; ${different.length} (${share} %) differ**, each for one of the reasons below.

\`npm test\` holds Modelyard against the answers that datacontract-cli ${version} gave ([golden.json](../packages/contract/conformance/golden.json)); \`npm run conformance -w packages/contract -- --check\` asks it again, and without \`--check\` writes them and this page anew.

| what is asked | contracts | alike |
| --- | --: | --: |
${groups.map((group) => row(group, compared)).join('\n')}

## What differs, and what decides

${differences.map((difference) => section(difference, different)).join('\n\n')}

## What the standard leaves open, and both decide alike

- \`mustBeBetween\` includes both ends. The text calls it «the equivalent to \`mustBeGreaterThan\` and \`mustBeLessThan\`», the same table writes it as ∈ [0, 100]; the JSON Schema says «between the two numbers».
- \`percent\` is of all rows, with or without a value.
- A value that is missing is not invalid: \`invalidValues\`, patterns, lengths and bounds are about what is there.
- A broken rule of the severity \`warning\`, \`warn\`, \`info\`, \`low\`, \`minor\` or \`trivial\` warns; of \`error\`, \`critical\`, \`blocker\`, \`fatal\`, \`severe\`, \`major\`, \`high\` or \`medium\`, or of none, it fails. Other words are refused.
- A rule with a \`schedule\` is checked whenever the data are.
`
}

function row(group: string, compared: readonly Compared[]): string {
  const own = compared.filter((each) => each.case.group === group)
  const alike = own.filter(({ ours, theirs }) => ours === theirs).length
  return `| ${group.replaceAll(/\b(?:\w+Values|rowCount|logicalTypeOptions|primaryKey|required|unique|sql|text|custom|severity)\b/g, '`$&`')} | ${own.length} | ${alike} |`
}

function section({ title, theirs, ours, passage }: Difference, different: readonly Compared[]): string {
  const own = different.filter(({ difference }) => difference?.title === title)
  return `### ${title}

${theirs} ${ours} ${passage}

${own.length} ${own.length === 1 ? 'contract' : 'contracts'}, such as \`${own[0]?.case.name}\`: ${word(own[0]?.ours)} here, ${word(own[0]?.theirs)} there.`
}

function word(outcome: Outcome | undefined): string {
  return outcome === 'none' ? 'not checked' : `${outcome}`
}
