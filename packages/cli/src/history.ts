import { readState, timeline } from '@modelyard/registry'
import { renderTimeline } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

/** Prints what was in a model's stages when, newest first. */
export async function history(
  { stdout }: Terminal,
  context: StepContext,
  { name, stage }: Record<string, string>,
): Promise<number> {
  const { stages } = await readState(needGitHub(context, `read the history of ${name}`), name!)
  const wanted = stage === '' ? Object.keys(stages) : [stage!]
  if (wanted.length === 0) throw new UserError(`No version of ${name} was ever in a stage. Promote one first.`)
  for (const each of wanted) {
    const held = stages[each]
    if (!held)
      throw new UserError(
        `Nothing was ever in ${each} of ${name}. Its stages are: ${Object.keys(stages).join(', ') || 'none yet'}.`,
      )
    stdout.write(`${renderTimeline(each, timeline(held), { color: stdout.isTTY ?? false })}\n\n`)
  }
  return 0
}
