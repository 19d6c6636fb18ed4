import { asFindings, examineRegistry, renderFindings } from '@modelyard/doctor'
import { mend } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'
import type { Answer } from '../verb.ts'

/** What one event mends may bring the next to light: so often it is looked at again. */
const ROUNDS = 10

/** Looks for traps in tags and logs, and mends those that new events mend. The exit code is 1 where something is wrong. */
export async function doctor(context: StepContext, options: Record<string, string>): Promise<Answer> {
  const { root, github } = context
  const isOnline = github && options.offline !== 'true'
  const look = () => examineRegistry({ root, ...(isOnline ? { github } : {}) })
  let traps = await look()
  if (options.mend === 'true') {
    const writable = needGitHub(context, 'mend the registry')
    const { data: user } = await writable.octokit.rest.users.getAuthenticated()
    for (let round = 0; round < ROUNDS && traps.some(({ remedy }) => remedy); round++) {
      for (const { remedy } of traps) if (remedy) context.log.info(await mend(writable, remedy, { actor: user.login }))
      traps = await look()
    }
  }
  return {
    data: traps,
    text: (style) =>
      traps.length === 0 ? 'There is no trap in the registry.' : renderFindings(asFindings(traps), style).trimEnd(),
    code: traps.some(({ level }) => level === 'fail') ? 1 : 0,
  }
}
