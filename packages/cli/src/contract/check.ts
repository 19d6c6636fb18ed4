import { resolve } from 'node:path'
import { type Check, checkContract, readContract } from '@modelyard/contract'
import { openDataset } from '@modelyard/data'
import { exitCode, gravest, type Verdict } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import { plain } from '../plain.ts'
import type { Terminal } from '../terminal.ts'
import type { Answer } from '../verb.ts'
import { filesOf } from './write.ts'

/** Checks files against a contract: its rules name other files from the folder that the command runs in, too. */
export async function check(
  _: StepContext,
  { contract: path, data, object }: Record<string, string>,
  { cwd }: Terminal,
): Promise<Answer> {
  const root = cwd()
  const contract = await readContract(resolve(root, path!), { root, ...(object && { object }) })
  const dataset = await openDataset({ root, files: filesOf(data!) })
  try {
    const checks = await checkContract(contract, dataset, 'train')
    const verdict = gravest(checks.map((each) => each.verdict))
    return { data: { verdict, checks }, text: () => render(checks), code: exitCode(verdict) }
  } finally {
    dataset.close()
  }
}

const marks: Record<Verdict, string> = { pass: '✓', warn: '!', fail: '✗', inconclusive: '?' }

/** What does not pass, line by line, with the line of the contract; and how many checks do. */
function render(checks: readonly Check[]): string {
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length
  const lines = checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ verdict, column, rule, found, line }) => {
      const where = `${column === null ? '' : `${column}: `}${rule}${line === undefined ? '' : ` (line ${line})`}`
      return `${marks[verdict]} ${plain(`${where}: ${found}`)}`
    })
  return [...lines, `${passed} of ${checks.length} checks pass.`].join('\n')
}
