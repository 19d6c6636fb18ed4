import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { gravest } from '@modelyard/spec'
import { checkContract } from '../src/checks/check.ts'
import { parseContract } from '../src/document/read.ts'
import { type Case, contractOf } from './case.ts'

/** What a tool makes of a case; what it does not check is `none`. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'none'

const aboutColumns = new Set(['schema', 'logicalType'])

/** What Modelyard makes of each case. */
export async function outcomesOf(cases: readonly Case[]): Promise<Outcome[]> {
  const datasets = new Map<string, Dataset>()
  try {
    for (const file of new Set(cases.map((each) => each.file)))
      datasets.set(file, await openDataset({ root: join(import.meta.dirname, 'files'), files: file, threads: 1 }))
    const outcomes: Outcome[] = []
    for (const each of cases) outcomes.push(await outcomeOf(each, datasets.get(each.file)!))
    return outcomes
  } finally {
    for (const dataset of datasets.values()) dataset.close()
  }
}

/** The gravest of the checks that are about what is asked: what columns are, or what is in them. */
async function outcomeOf(each: Case, dataset: Dataset): Promise<Outcome> {
  const described = each.object.properties!.map(({ name }) => name)
  const checks = await checkContract(parseContract(contractOf(each), 'contract.yaml'), dataset, 'train')
  const asked = checks.filter(
    ({ rule, column }) =>
      rule !== 'rows' &&
      (column === null || described.includes(column)) &&
      aboutColumns.has(rule) === (each.columns ?? false),
  )
  const verdict = gravest(asked.map((check) => check.verdict))
  return verdict === 'inconclusive' ? 'none' : verdict
}
