import { canonicalJson, UserError, type VersionFile } from '@modelyard/spec'
import { diff } from 'semver'
import { type Bump, bumpVersion, isVersion, versionTag } from '../tags/grammar.ts'
import type { State } from '../tags/state.ts'

/** What decides how far a version moves. */
export type Described = Pick<VersionFile, 'signature' | 'data' | 'code'>

const FIRST = 'v1.0.0'

/**
 * How far the next version is from the newest one: `major` where the model takes or gives something else, `minor` where
 * it was trained from other data or code, `patch` otherwise. A newest version that says nothing of itself is `major` away.
 */
export function bumpBetween(newest: Described | null, next: Described): Bump {
  if (newest === null || !same(newest.signature, next.signature)) return 'major'
  if (!same(digests(newest.data), digests(next.data)) || !same(digests(newest.code), digests(next.code))) return 'minor'
  return 'patch'
}

/** The version that a registration takes, and why; a name that any tag occupies is passed over. */
export function chooseVersion(state: State, bump: Bump): { version: string; bump: Bump | 'first' } {
  const isFree = (version: string) => !state.tags.includes(versionTag(state.model, version))
  const newest = state.versions.at(-1)?.version
  let version = newest === undefined ? FIRST : bumpVersion(newest, bump)
  while (!isFree(version)) version = bumpVersion(version, newest === undefined ? 'patch' : bump)
  return { version, bump: newest === undefined ? 'first' : bump }
}

/** Takes a version that was asked for by name, or throws a `UserError`. */
export function takeVersion(state: State, version: string): { version: string; bump: Bump | 'first' } {
  if (!isVersion(version)) {
    throw new UserError(`The version is ${JSON.stringify(version)}; it must look like v1.2.3, or be "auto".`)
  }
  const tag = versionTag(state.model, version)
  if (state.tags.includes(tag)) {
    throw new UserError(
      `The tag ${tag} exists already, of another model or another gate. Choose another version, or "auto".`,
    )
  }
  const newest = state.versions.at(-1)?.version
  if (newest === undefined) return { version, bump: 'first' }
  const distance = diff(newest, version)?.replace('pre', '')
  return { version, bump: distance === 'major' || distance === 'minor' ? distance : 'patch' }
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** Names do not count where the bytes are the same, and order says nothing. */
function digests(files: ReadonlyArray<{ sha256: string }>): string[] {
  return files.map(({ sha256 }) => sha256).sort()
}
