import { diagnose, examine, renderFindings } from '@modelyard/doctor'
import type { StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

/** Looks at the repository and its settings: 0 where nothing is wrong, 1 where something is, 4 where GitHub refused. */
export async function doctor({ stdout }: Terminal, context: StepContext): Promise<number> {
  const facts = await examine(context)
  const findings = diagnose(facts)
  stdout.write(renderFindings(findings, { color: stdout.isTTY === true }))
  if (facts.isRefused) return 4
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}
