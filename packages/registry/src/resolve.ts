import { didYouMean, UserError } from '@modelyard/spec'
import { modelDigestIn, reasonIn } from './events/message.ts'
import { isVersion } from './tags/grammar.ts'
import type { State, Version } from './tags/state.ts'

/**
 * Finds `v1.2.3`, `latest`, what a stage holds or `sha256:<digest of the model>`; throws a `UserError` that names what
 * there is. The latest is never one that is in quarantine.
 */
export function resolveVersion(state: State, wanted: string): Version {
  const { model, versions } = state
  const said = state.deprecated.find(({ version }) => version === wanted)
  if (said) throw new UserError(`${model} ${wanted} is deprecated ${since(said)}. ${listed(state)}`)
  if (versions.length === 0) throw new UserError(`${model} has no version yet: register one first.`)
  if (wanted === 'latest') {
    const newest = newestSound(state)
    if (newest) return newest
    throw new UserError(`Every version of ${model} is in quarantine: register another one.`)
  }
  if (wanted.startsWith('sha256:')) return resolveDigest(state, wanted)
  const inStage = state.stages[wanted]?.current
  const found = versions.find(({ version }) => version === (inStage ?? wanted))
  if (found) return found
  if (inStage) {
    throw new UserError(`${wanted} of ${model} holds ${inStage}, which is not a registered version. ${listed(state)}`)
  }
  if (state.stages[wanted]) throw new UserError(`${wanted} of ${model} holds no version. ${listed(state)}`)
  // One version is as near as the next.
  const meant = isVersion(wanted) ? '' : didYouMean(wanted, [...Object.keys(state.stages), 'latest'])
  throw new UserError(`${model} has no version or stage ${JSON.stringify(wanted)}.${meant} ${listed(state)}`)
}

/** The newest version of a model's bytes, one that is not in quarantine rather than one that is. */
function resolveDigest(state: State, wanted: string): Version {
  const digest = wanted.slice('sha256:'.length)
  const same = state.versions.filter(({ message }) => modelDigestIn(message) === digest)
  const found = newestSound({ ...state, versions: same }) ?? same.at(-1)
  if (found) return found
  if (/^[0-9a-f]{64}$/.test(digest))
    throw new UserError(`${state.model} has no version with the model ${wanted}. ${listed(state)}`)
  throw new UserError(`The version is ${JSON.stringify(wanted)}; a digest is sha256: and 64 hexadecimal digits.`)
}

/** The newest version that is not in quarantine. */
export function newestSound<V extends { version: string }>({
  versions,
  quarantined,
}: {
  versions: readonly V[]
  quarantined: ReadonlyArray<{ version: string }>
}): V | undefined {
  return versions.findLast(({ version }) => quarantined.every((entry) => entry.version !== version))
}

/** Throws a `UserError` that says who put a version into quarantine, when and why, if it is there. */
export function refuseQuarantined({ model, quarantined }: State, version: string): void {
  const held = quarantined.find((entry) => entry.version === version)
  if (!held) return
  throw new UserError(
    `${model} ${version} is in quarantine ${since(held)}, so it goes nowhere. Register a new version, or take it out: modelyard quarantine --lift --name ${model} --version ${version} --reason "…"`,
  )
}

/** Throws a `UserError` that says who deprecated the model, when and why, if nothing was registered since. */
export function refuseDeprecated({ model, deprecated }: State): void {
  const said = deprecated.find(({ version }) => version === null)
  if (!said) return
  throw new UserError(
    `${model} is deprecated ${since(said)}, so none of its versions goes anywhere. Register a new one: that takes it back.`,
  )
}

/** When, by whom and why something was said: `since 2026-01-31, by ada («It is unwell.»)`. */
export function since({ time, actor, message }: Pick<Version, 'time' | 'actor' | 'message'>): string {
  const reason = reasonIn(message)
  return `since ${time.slice(0, 10)}, by ${actor}${reason === '' ? '' : ` («${reason}»)`}`
}

function listed({ model, versions, stages }: State): string {
  if (versions.length === 0) return `There is no other version of ${model}: register one.`
  const held = Object.entries(stages).flatMap(([stage, { current }]) => (current ? [`${stage} (${current})`] : []))
  const newest = versions.slice(-10).map(({ version }) => version)
  const more = versions.length > newest.length ? `the newest of ${versions.length} versions are` : 'it has'
  return `There ${held.length === 0 ? 'is no stage in use' : `are the stages ${held.join(', ')}`}; ${more} ${newest.join(', ')}.`
}
