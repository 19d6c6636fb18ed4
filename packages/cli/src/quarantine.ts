import { quarantine as keep } from '@modelyard/registry'
import { needGitHub, type StepContext } from '@modelyard/steps'
import { needReason } from './reason.ts'
import { loginOf } from './trust.ts'
import type { Answer } from './verb.ts'

/** Puts a version into quarantine, or takes it out again. */
export async function quarantine(context: StepContext, options: Record<string, string>): Promise<Answer> {
  const { name: model = '', version = '' } = options
  const lift = options.lift === 'true'
  const reason = needReason(options)
  const github = needGitHub(context, `write the registry of ${model}`)
  const actor = await loginOf(context, github)
  const { tag, found, stages } = await keep(github, { model, version, lift, reason, actor })
  const state = lift ? 'out of quarantine' : 'in quarantine'
  const said = `${model} ${version} is ${state}${found ? ' already: nothing was written' : ` (${tag})`}.`
  // Quarantine takes nothing away from whoever is served.
  const serving = lift ? [] : stages.map((stage) => `${stage} goes on serving it: ${mend(model, stage)}`)
  return { data: { model, version, quarantined: !lift, tag, found, stages }, text: () => [said, ...serving].join('\n') }
}

function mend(model: string, stage: string): string {
  return `modelyard rollback --model ${model} --stage ${stage} brings back the one before.`
}
