import { deprecate as end, unassign } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'
import { needReason } from '../reason.ts'
import { loginOf } from '../trust.ts'
import type { Answer } from '../verb.ts'

/** Deprecates a model or a version, or empties a stage, as GTO's verb of that name. */
export async function deprecate(context: StepContext, options: Record<string, string>): Promise<Answer> {
  const { name: model = '', version = '', stage = '' } = options
  const reason = needReason(options)
  if (stage !== '' && version === '')
    throw new UserError(`The option --version is missing: say what ${stage} of ${model} holds, to empty it.`)
  const github = needGitHub(context, `write the registry of ${model}`)
  const common = { model, reason, actor: await loginOf(context, github) }
  const { tag, found } =
    stage === ''
      ? await end(github, { ...common, version: version === '' ? null : version })
      : await unassign(github, { ...common, version, stage })
  const said = stage === '' ? `${`${model} ${version}`.trim()} is deprecated` : `${stage} of ${model} holds nothing`
  return {
    data: { model, version: version || null, stage: stage || null, tag, found },
    text: () => `${said}${found ? ' already: nothing was written' : ''} (${tag}).`,
  }
}
