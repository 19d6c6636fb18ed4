import type { GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { resolveVersion } from '../resolve.ts'
import { formatTag, needVersion } from '../tags/grammar.ts'
import type { State } from '../tags/state.ts'
import { announce } from './announce.ts'
import { decide } from './decide.ts'
import { deprecationMessage, modelDigestIn } from './message.ts'

interface DeprecationRequest {
  model: string
  /** `v1.2.3`; null for the whole model. */
  version: string | null
  /** One sentence on why, for the history. */
  reason: string
  /** The login in whose name it is done. */
  actor: string
}

/**
 * Takes a version out of the registry for good (`m@v1.2.3!`), or deprecates a model until another version of it is
 * registered (`m@deprecated`): an event in the model's log, then the tag. Bytes, tags and release stay where they are.
 * `found` means that it was so already and nothing was written. Throws a `UserError` while a stage holds the version,
 * or any version of the model.
 */
export async function deprecate(
  github: GitHub,
  { model, version, reason, actor }: DeprecationRequest,
): Promise<{ tag: string; found: boolean }> {
  if (version !== null) needVersion(version)
  return decide(github, model, async (snapshot) => {
    const { state } = snapshot
    const said = state.deprecated.find((entry) => entry.version === version)
    if (said) return { tag: said.tag, found: true }
    const { commit, message: registration } = resolveVersion(
      state,
      version ?? state.versions.at(-1)?.version ?? 'latest',
    )
    refuseHeld(state, version)

    const tag = deprecationTag(state, version)
    const event = { type: 'deprecation', model, version, commit, actor, reason } as const
    const digest = modelDigestIn(registration)
    const message = deprecationMessage({ model, version, reason, digest })
    if ((await announce(github, snapshot, { event, tag, message })) === 'lost') return 'lost'
    return { tag, found: false }
  })
}

function refuseHeld({ model, stages }: State, version: string | null): void {
  const holder = Object.entries(stages).find(([, { current }]) => current !== null && current === (version ?? current))
  if (!holder) return
  const [stage, { current }] = holder
  throw new UserError(
    `${stage} of ${model} holds ${current}, so ${version === null ? 'the model' : 'it'} cannot be deprecated. Deploy another version there, or empty the stage: modelyard registry deprecate --name ${model} --version ${current} --stage ${stage} --reason "…"`,
  )
}

/** GTO's plain name, or, where it is occupied, its counted form with the first number that is free. */
function deprecationTag({ model, tags }: State, version: string | null): string {
  const name = (counter: number | null) =>
    formatTag(
      version === null
        ? { kind: 'deprecation', name: model, counter }
        : { kind: 'deregistration', name: model, version, counter },
    )
  let counter: number | null = null
  while (tags.includes(name(counter))) counter = (counter ?? 0) + 1
  return name(counter)
}
