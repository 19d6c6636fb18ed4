import { asFindings, examineRegistry, renderFindings } from '@modelyard/doctor'
import { mend } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'
import { loginOf } from '../trust.ts'
import type { Answer } from '../verb.ts'
import { sayThatItIsTheClone } from './source.ts'

/** What one event mends may bring the next to light: so often it is looked at again. */
const ROUNDS = 10

/** Looks for traps in tags and logs, and mends those that new events mend. The exit code is 1 where something is wrong. */
export async function doctor(context: StepContext, options: Record<string, string>): Promise<Answer> {
  const { root, github } = context
  if (options.mend === 'true' && options.offline === 'true')
    throw new UserError(
      'The options --mend and --offline exclude each other: leave one out, because events are made on GitHub.',
    )
  const isOnline = github && options.offline !== 'true'
  if (!isOnline)
    await sayThatItIsTheClone(context, options, ' It cannot tell which tags it lacks, nor what the logs say.')
  const look = () => examineRegistry({ root, ...(isOnline ? { github } : {}) })
  let traps = await look()
  if (options.mend === 'true') {
    const writable = needGitHub(context, 'mend the registry')
    const actor = await loginOf(context, writable)
    const refused = new Set<string>()
    const remedies = () =>
      traps.flatMap(({ remedy }) => (remedy && !refused.has(JSON.stringify(remedy)) ? [remedy] : []))
    if (traps.length > 0 && remedies().length === 0)
      context.log.info('Nothing of it is mended by a new event: nothing was done.')
    for (let round = 0; round < ROUNDS && remedies().length > 0; round++) {
      for (const remedy of remedies()) {
        try {
          context.log.info(await mend(writable, remedy, { actor }))
        } catch (error) {
          // What cannot be mended keeps nothing else from being mended.
          if (!(error instanceof UserError)) throw error
          refused.add(JSON.stringify(remedy))
          context.log.warn({ message: error.message })
        }
      }
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
