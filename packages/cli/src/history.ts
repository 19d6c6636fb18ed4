import { readStages } from '@modelyard/registry'
import { renderTimeline } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import { sourceOf } from './registry/source.ts'
import type { Answer } from './verb.ts'

/** Tells what was in a model's stages when, newest first. */
export async function history(context: StepContext, options: Record<string, string>): Promise<Answer> {
  const { name = '', stage = '' } = options
  const stages = await readStages(await sourceOf(context, options), name)
  const known = Object.keys(stages)
  if (known.length === 0) throw new UserError(`No version of ${name} was ever in a stage. Deploy one first.`)
  if (stage !== '' && !stages[stage])
    throw new UserError(`Nothing was ever in ${stage} of ${name}. Its stages are: ${known.join(', ')}.`)
  const wanted = (stage === '' ? known : [stage]).map((each) => ({ stage: each, tenures: stages[each]! }))
  return {
    data: wanted,
    text: (style) => wanted.map(({ stage, tenures }) => renderTimeline(stage, tenures, style)).join('\n\n'),
  }
}
