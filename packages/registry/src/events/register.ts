import { type GitHub, loadRelease } from '@modelyard/github'
import { UserError, VersionFile } from '@modelyard/spec'
import { type Asset, placeAssets } from '../bytes/assets.ts'
import { measure } from '../bytes/measure.ts'
import { findVersionFile, readVersionFile } from '../manifest.ts'
import { resolveVersion, since } from '../resolve.ts'
import type { Store } from '../stores/store.ts'
import { type Bump, versionTag } from '../tags/grammar.ts'
import type { State, Version } from '../tags/state.ts'
import { announce } from './announce.ts'
import { bumpBetween, chooseVersion, takeVersion } from './bump.ts'
import { decide, refuseStale, type Snapshot } from './decide.ts'
import { clearDrafts, dropDraft, fillDraft, type Identity, pendingTag } from './draft.ts'
import { modelDigestIn, readTrailers, registrationMessage } from './message.ts'
import { type Draft, findPublished, refill } from './published.ts'
import { createRegistryCommit, readWorkflows } from './registry-commit.ts'

export interface Registration {
  model: string
  /** `auto` (the rule of `bumpBetween`) unless a version is asked for by name. */
  version?: string
  /** What the manifest says of the version, but for the assets: those are measured. */
  versionFile: (version: string) => Omit<VersionFile, 'assets'>
  /** The model first. Names of letters, digits and `-_.`: GitHub rewrites others. */
  assets: (version: string) => Asset[]
  /** The release page as markdown, of the whole manifest and that of the newest version there is, if there is one. */
  body: (version: VersionFile, previous: VersionFile | null) => string
  identity: Identity
  source: { commit: string; tree: string }
  /** Keeps the model's bytes in place of the release. */
  store?: Store | undefined
  /** The login in whose name it is registered. */
  actor: string
  expect: {
    /** The champion that the gate compared with. */
    champion: string | null
    /** Who is champion by the state of the moment. */
    today: (state: State) => string | null
    /** What the gate says of the champion otherwise than the champion's manifest, as a sentence. */
    contradiction?: (champion: VersionFile) => string | undefined
  }
}

export interface Registered {
  version: string
  tag: string
  /** The registry commit. */
  commit: string
  bump: Bump | 'first'
  /** The release page. */
  url: string
  /** The manifest, assets included. */
  file: VersionFile
  /** Whether an earlier run made it. */
  found: boolean
}

/**
 * Registers a model as a new version, or finds the version that this registration made already. Drafts and fills the
 * release, makes registry commit and tag object, which nobody sees; then advances the model's log, which decides; then
 * makes the tag and publishes the release. Killed anywhere, the next run ends in the same state.
 * Throws a `UserError` where the champion is no longer the one that was judged against.
 */
export async function register(github: GitHub, registration: Registration): Promise<Registered> {
  const { model, identity, source } = registration
  const pending = pendingTag(model, identity)
  const readBesides = () => Promise.all([loadRelease(github, pending), readWorkflows(github, source)])
  const attempt = async (snapshot: Snapshot, [left]: Awaited<ReturnType<typeof readBesides>>) => {
    const existing = findRegistration(snapshot.state, identity) ?? findSameBytes(snapshot.state, identity)
    if (existing) {
      const { version = 'auto' } = registration
      if (version !== 'auto' && version !== existing.version) {
        throw new UserError(
          `These bytes of ${registration.model} are ${existing.version} already, so they cannot become ${version}: ask for "auto", or train a model that differs.`,
        )
      }
      return describeExisting(github, registration, existing, left)
    }
    try {
      refuseDeprecatedBytes(snapshot.state, registration)
      await checkChampion(github, snapshot.state, registration.expect)
    } catch (refusal) {
      if (left?.draft) await dropDraft(github, left.id, () => refuseStale(github, model, snapshot))
      throw refusal
    }
    const made = await make(github, registration, snapshot, { left: left?.id ?? null, pending })
    // Where one run left a draft, another may have left a second one.
    if (made !== 'lost' && left) await clearDrafts(github, pending, made.release)
    return made === 'lost' ? 'lost' : made.registered
  }
  return decide(github, model, attempt, readBesides)
}

async function make(
  github: GitHub,
  registration: Registration,
  snapshot: Snapshot,
  draft: { left: number | null; pending: string },
): Promise<{ registered: Registered; release: number } | 'lost'> {
  const { model, identity, source, actor, store } = registration
  const former = await readFormer(github, snapshot.state, identity)
  const { version, bump } = choose(registration, snapshot.state, former)
  const tag = versionTag(model, version)
  const measured = await checkBytes(registration, registration.assets(version))
  const assets = await placeAssets(github, measured, { former, store })
  const file = VersionFile.parse({ ...registration.versionFile(version), assets: assets.map(({ entry }) => entry) })
  const page = { name: `${model} ${version}`, body: registration.body(file, newestOf(snapshot.state, former)) }

  const release = await fillDraft(github, {
    ...{ ...draft, page, assets, store },
    refuseStale: () => refuseStale(github, model, snapshot),
  })
  const commit = await createRegistryCommit(github, file, source)
  const finished = await announce(github, snapshot, {
    event: { type: 'registration', model, version, commit, actor, identity, release: release.id },
    tag,
    message: registrationMessage(file, { gate: identity.gate, bump }),
    keeps: [commit],
    release,
    page,
  })
  if (finished === 'lost') return 'lost'
  if (finished.published) await refill(github, finished.published, { file, assets, store })
  const { url } = finished.published ?? (await findPublished(github, tag, file, release))
  return { registered: { version, tag, commit, bump, url, file, found: false }, release: release.id }
}

/** What was judged is what is registered: the first file, by its own digest. It comes back measured. */
async function checkBytes({ model, identity }: Registration, [first, ...others]: Asset[]): Promise<Asset[]> {
  if (!first) throw new TypeError(`a registration of ${model} without its model`)
  const measured = first.measured ?? (await measure(first.content))
  if (measured.sha256 === identity.model) return [{ ...first, measured }, ...others]
  throw new UserError(
    `${first.name} has the digest ${measured.sha256.slice(0, 12)}, but the gate judged ${identity.model.slice(0, 12)}: nothing was registered. Run the workflow again.`,
  )
}

/** The version that was made of these bytes under this gate: version tags carry both digests. */
function findRegistration(state: State, identity: Identity): Version | undefined {
  return state.versions.find(({ message }) => {
    const trailers = readTrailers(message)
    return trailers['Model-Digest'] === identity.model && trailers['Gate-Digest'] === identity.gate
  })
}

/** The newest version, where it is of these very bytes: judged once more under another gate, it is nothing new. */
function findSameBytes({ versions }: State, { model }: Identity): Version | undefined {
  const newest = versions.at(-1)
  return newest && modelDigestIn(newest.message) === model ? newest : undefined
}

/** A workflow that runs by itself does not bring back what somebody took out of the registry. */
function refuseDeprecatedBytes({ model, deprecated }: State, { identity, version = 'auto' }: Registration): void {
  const said = deprecated.find(({ message }) => modelDigestIn(message) === identity.model)
  if (!said || version !== 'auto') return
  throw new UserError(
    `These bytes of ${model} are ${said.version}, which is deprecated ${since(said)}: train a model that differs, or ask for a version by name.`,
  )
}

async function describeExisting(
  github: GitHub,
  { model, identity }: Registration,
  { version, tag, commit, message }: Version,
  left: Draft | null,
): Promise<Registered> {
  const file = await readVersionFile(github, model, { version, commit })
  const release = await findPublished(github, tag, file, left)
  if (left) await clearDrafts(github, pendingTag(model, identity), release.id)
  const bump = readTrailers(message).Bump as Registered['bump']
  return { version, tag, commit, bump, url: release.url, file, found: true }
}

async function checkChampion(
  github: GitHub,
  state: State,
  { champion, today, contradiction }: Registration['expect'],
): Promise<void> {
  const { model } = state
  const now = today(state)
  if (now !== champion) {
    throw new UserError(
      `The gate compared with ${champion ?? 'nothing'}, but today's champion of ${model} is ${now ?? 'nothing'}: run the workflow again, so that it is judged against that.`,
    )
  }
  if (champion === null || !contradiction) return
  const found = contradiction(await readVersionFile(github, model, resolveVersion(state, champion)))
  if (found) throw new UserError(`${model} is not registered: ${found} Run the whole workflow again.`)
}

/** The manifests of the newest version and of the last one that had these bytes, as far as there are any. */
async function readFormer(github: GitHub, { model, versions }: State, identity: Identity): Promise<VersionFile[]> {
  const same = versions.findLast(({ message }) => modelDigestIn(message) === identity.model)
  const files = [...new Set([versions.at(-1), same])].map(
    (version) => version && findVersionFile(github, model, version),
  )
  return (await Promise.all(files)).filter((file) => file != null)
}

function choose(
  { version = 'auto', versionFile }: Registration,
  state: State,
  former: readonly VersionFile[],
): { version: string; bump: Bump | 'first' } {
  if (version !== 'auto') return takeVersion(state, version)
  const newest = state.versions.at(-1)
  if (!newest) return chooseVersion(state, 'major')
  return chooseVersion(state, bumpBetween(newestOf(state, former), versionFile(newest.version)))
}

function newestOf({ versions }: State, former: readonly VersionFile[]): VersionFile | null {
  return former.find(({ version }) => version === versions.at(-1)?.version) ?? null
}
