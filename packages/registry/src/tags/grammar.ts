import { UserError } from '@modelyard/spec'
import { compare, inc, valid } from 'semver'

/** What a tag announces, in GTO's grammar. `name` is the model's, a folder before it with `:` (`dir:name`). */
export type Tag =
  | { kind: 'registration' | 'deregistration'; name: string; version: string; counter: number | null }
  | { kind: 'assignment' | 'unassignment'; name: string; stage: string; counter: number | null }
  | { kind: 'deprecation' | 'creation'; name: string; counter: number | null }

const NAME = '[a-zA-Z0-9](?:[a-zA-Z0-9-/_]*[a-zA-Z0-9])?'
const FULL_NAME = `(?:[a-zA-Z0-9-_./]+=)?${NAME}`
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const NUMBER = '(?:0|[1-9]\\d*)'
const SEMVER = `${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?`
const TAG = new RegExp(
  `^(?<name>${FULL_NAME})(?:(?:#(?<stage>${NAME})|@(?<version>v${SEMVER}))(?<cancel>!?)|@(?<word>deprecated|created))(?:#(?<counter>[0-9]+))?$`,
)
const VERSION = new RegExp(`^v${SEMVER}$`)

/**
 * Parses a tag's name (without `refs/tags/`); undefined where it is not in the grammar, or a version or counter in it is
 * larger than can be ordered: GTO takes numbers of any length.
 */
export function parseTag(tag: string): Tag | undefined {
  const groups = TAG.exec(tag)?.groups
  if (!groups) return undefined
  const { stage, version, cancel, word } = groups
  const name = groups.name!.replace('=', ':')
  const counter = groups.counter === undefined ? null : Number(groups.counter)
  if (counter !== null && !Number.isSafeInteger(counter)) return undefined
  if (version !== undefined && valid(version) === null) return undefined
  const isCancelled = cancel === '!'
  if (version !== undefined) return { kind: isCancelled ? 'deregistration' : 'registration', name, version, counter }
  if (stage !== undefined) return { kind: isCancelled ? 'unassignment' : 'assignment', name, stage, counter }
  return { kind: word === 'deprecated' ? 'deprecation' : 'creation', name, counter }
}

/** Writes a tag's name: `parseTag` taken back. */
export function formatTag(tag: Tag): string {
  const name = tag.name.replace(':', '=')
  const counter = tag.counter === null ? '' : `#${tag.counter}`
  switch (tag.kind) {
    case 'registration':
      return `${name}@${tag.version}${counter}`
    case 'deregistration':
      return `${name}@${tag.version}!${counter}`
    case 'assignment':
      return `${name}#${tag.stage}${counter}`
    case 'unassignment':
      return `${name}#${tag.stage}!${counter}`
    case 'deprecation':
      return `${name}@deprecated${counter}`
    case 'creation':
      return `${name}@created${counter}`
  }
}

/** The tag of a version: `m@v1.2.3`. */
export function versionTag(name: string, version: string): string {
  return formatTag({ kind: 'registration', name, version, counter: null })
}

/** `v1.2.3`, with a pre-release and a build where they are wanted. */
export function isVersion(text: string): boolean {
  return VERSION.test(text) && valid(text) !== null
}

/** Throws a `UserError` for `latest`, a stage or anything else that is not itself a version. */
export function needVersion(text: string): void {
  if (!isVersion(text)) throw new UserError(`The version is ${JSON.stringify(text)}; it must look like v1.2.3.`)
}

/** Orders versions: a pre-release before its release; a build, which SemVer does not order, by its text. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

export type Bump = 'major' | 'minor' | 'patch'

/** The next version. After a pre-release, the release that it announced, where that is bump enough. */
export function bumpVersion(version: string, bump: Bump): string {
  const next = inc(version, bump)
  if (next === null) throw new TypeError(`${version} is not a version`)
  return `v${next}`
}
