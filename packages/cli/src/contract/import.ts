import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importSuite } from '@modelyard/contract'
import { UserError } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import { plain } from '../plain.ts'
import type { Terminal } from '../terminal.ts'
import { writeContract } from './write.ts'

/** Writes a suite as a contract, and on standard error what of it a contract cannot say. */
export async function importFrom(
  terminal: Terminal,
  _: StepContext,
  { suite }: Record<string, string>,
): Promise<number> {
  const text = await readFile(resolve(terminal.cwd(), suite!), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`The suite ${suite} cannot be read (${cause.code}). Name its JSON file.`, { cause })
  })
  const { contract, expectations, left } = importSuite(text, suite!)
  writeContract(terminal, contract)
  const all = left.filter(({ why }) => !why.startsWith('in part: ')).length
  terminal.stderr.write(`${expectations - all} of ${expectations} expectations are in the contract.\n`)
  for (const { expectation, why } of left) terminal.stderr.write(`  ${plain(`${expectation}: ${why}`)}.\n`)
  return 0
}
