import { UserError } from '@modelyard/spec'

/** Major, minor and patch. */
export type Version = readonly [number, number, number]

/** A commit as far as its message tells what it changes. */
export interface Change {
  sha: string
  subject: string
  body: string
}

export type Gravity = 'breaking' | 'new' | 'mended' | 'other'

/** Everything that is written about Modelyard says `@v1`, so this is where the versions begin. */
const FIRST: Version = [1, 0, 0]

/** `v1.2.3` as numbers; undefined for any other text. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined
}

export function formatVersion(version: Version): string {
  return `v${version.join('.')}`
}

/** Negative where `a` is the lower one, 0 where they are the same. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/**
 * What a commit changes, by its message: Conventional Commits (`feat!: …`, `fix: …`, `BREAKING CHANGE:`), or a sentence
 * in the imperative that begins with the verb (`Add …`, `Mend …`).
 */
export function gravityOf({ subject, body }: Change): Gravity {
  if (/^\w+(?:\([^)]*\))?!:/.test(subject) || /^BREAKING[ -]CHANGE:/m.test(body)) return 'breaking'
  if (/^feat(?:\([^)]*\))?:|^Add\b/.test(subject)) return 'new'
  if (/^fix(?:\([^)]*\))?:|^(?:Fix|Mend)\b/.test(subject)) return 'mended'
  return 'other'
}

/** What a person may choose: a part to raise, or the very version. */
export type Choice = 'auto' | 'major' | 'minor' | 'patch' | Version

/** Reads a choice. Throws a `UserError` where it is none. */
export function readChoice(text: string): Choice {
  const version = parseVersion(text)
  if (version) return version
  if (text === 'auto' || text === 'major' || text === 'minor' || text === 'patch') return text
  throw new UserError(
    `The version is ${JSON.stringify(text)}; it must be auto, major, minor, patch or a version like 1.2.3.`,
  )
}

/**
 * The version that follows `newest`: the very one that is chosen, or the one with that part raised. `auto` raises it by
 * the gravest of the changes; below 1.0.0 a breaking one raises the minor number.
 * Throws a `UserError` where the one that is chosen is not higher, and where nothing changed.
 */
export function nextVersion(choice: Choice, newest: Version | undefined, changes: Change[]): Version {
  if (!newest) return typeof choice === 'string' ? FIRST : choice
  if (typeof choice !== 'string') {
    if (compareVersions(choice, newest) > 0) return choice
    throw new UserError(
      `${formatVersion(choice)} is lower than the newest release, ${formatVersion(newest)}: name a higher version, or auto.`,
    )
  }
  if (changes.length === 0)
    throw new UserError(
      `Nothing changed since ${formatVersion(newest)}: merge something first, or name the version that you want.`,
    )
  const part = choice === 'auto' ? partOf(changes.map(gravityOf), newest) : choice
  const [major, minor, patch] = newest
  if (part === 'major') return [major + 1, 0, 0]
  return part === 'minor' ? [major, minor + 1, 0] : [major, minor, patch + 1]
}

function partOf(gravities: Gravity[], newest: Version): 'major' | 'minor' | 'patch' {
  if (gravities.includes('breaking')) return newest[0] === 0 ? 'minor' : 'major'
  return gravities.includes('new') ? 'minor' : 'patch'
}
