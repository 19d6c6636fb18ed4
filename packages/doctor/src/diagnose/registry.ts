import type { GitHubFacts, RegistryFacts } from '../facts.ts'
import { type Diagnosis, ok, seen, warn } from '../finding.ts'

/** Whether what each model's log announced last has come to be. */
export function diagnoseRegistry({ registry }: GitHubFacts): Diagnosis {
  return Object.entries(registry).flatMap(([model, facts]) =>
    seen(facts, `the registry of ${model}`, (known) => diagnoseTip(model, known)),
  )
}

function diagnoseTip(model: string, { event, tag, draft }: RegistryFacts): Diagnosis {
  if (event === null) return ok(`${model} has no event yet.`)
  const mend = 'The next run of register, deploy or rollback finishes it first.'
  if (tag === null)
    return warn(`${event.tag.name} is announced in the log of ${model}, and the tag is not there.`, mend)
  if (tag !== event.tag.object)
    return warn(
      `The log of ${model} announces ${event.tag.name}, and another tag took that name first: the event never happened.`,
      'Run it again; and make tags of models with Modelyard alone.',
    )
  if (draft) return warn(`The release of ${event.tag.name} is still a draft.`, mend)
  return ok(`The newest event of ${model} is ${event.tag.name}, and it is finished.`)
}
