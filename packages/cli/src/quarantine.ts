import { quarantine as keep } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'
import { loginOf } from './trust.ts'

/** Puts a version into quarantine, or takes it out again. */
export async function quarantine(
  { stdout }: Terminal,
  context: StepContext,
  options: Record<string, string>,
): Promise<number> {
  const { name: model = '', version = '', reason = '' } = options
  const lift = options.lift === 'true'
  if (reason.trim() === '') throw new UserError('The option --reason is empty: say in a sentence why, for the history.')
  const github = needGitHub(context, `write the registry of ${model}`)
  const actor = await loginOf(context, github)
  const { tag, found } = await keep(github, { model, version, lift, reason, actor })
  const state = lift ? 'out of quarantine' : 'in quarantine'
  stdout.write(`${model} ${version} is ${state}${found ? ' already: nothing was written' : ` (${tag})`}.\n`)
  return 0
}
