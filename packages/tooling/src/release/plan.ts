import { UserError } from '@modelyard/spec'
import type { Origin } from './commits.ts'
import { git, type Remote } from './git.ts'
import { type Release, type Releases, readReleases, releaseOf } from './releases.ts'
import {
  type Change,
  type Choice,
  compareVersions,
  formatVersion,
  nextVersion,
  parseVersion,
  readChoice,
} from './version.ts'

/** What is to be released, decided from the tags that the remote has. */
export interface Plan {
  version: string
  origin: Required<Origin>
  /** The next lower version; undefined for the first. */
  previous: string | undefined
  /** What changed since it, newest first. */
  changes: Change[]
  releases: Releases
}

/**
 * Decides what is released of a clone: the commit that is checked out, under the version that is chosen. A commit that
 * was released already keeps its version, so that running it again finishes what was begun.
 * Throws a `UserError` for a clone without its history, with changes, and for a version that cannot be.
 */
export async function planRelease(clone: string, remote: Remote, chosen: string): Promise<Plan> {
  const choice = readChoice(chosen)
  if ((await git(clone, ['rev-parse', '--is-shallow-repository'])) === 'true')
    throw new UserError('This clone lacks its history, from which version and notes come: fetch it with depth 0.')
  const changed = await git(clone, ['status', '--porcelain'])
  if (changed)
    throw new UserError(
      `${changed.split('\n')[0]!.slice(3)} is not as it was committed: a release is made of a commit, so commit or undo your changes.`,
    )
  const [sha = '', date = ''] = (await git(clone, ['log', '-1', '--format=%H%n%cI'])).split('\n')
  const releases = await readReleases(clone, remote)
  const version = releasedAs(releases, sha, choice) ?? (await chooseNext(clone, releases, choice))
  const own = parseVersion(version)!
  const previous = releases.all.findLast((release) => compareVersions(release.version, own) < 0)
  return {
    version,
    origin: { sha, date },
    previous: previous && formatVersion(previous.version),
    changes: await changesSince(clone, previous),
    releases,
  }
}

/** The version under which a commit was released already, if the choice allows it. */
function releasedAs(releases: Releases, sha: string, choice: Choice): string | undefined {
  const present =
    typeof choice === 'string'
      ? releases.all.findLast((release) => release.source === sha)
      : releaseOf(releases, formatVersion(choice))
  if (!present) return undefined
  const version = formatVersion(present.version)
  if (present.source !== sha)
    throw new UserError(
      `${version} was released already, from ${present.source?.slice(0, 10) ?? 'no commit'}, and this is ${sha.slice(0, 10)}: release it under a higher version.`,
    )
  return version
}

async function chooseNext(clone: string, { all }: Releases, choice: Choice): Promise<string> {
  const newest = all.at(-1)
  return formatVersion(nextVersion(choice, newest?.version, await changesSince(clone, newest)))
}

async function changesSince(clone: string, release: Release | undefined): Promise<Change[]> {
  const range = release ? `${release.commit}..HEAD` : 'HEAD'
  const text = await git(clone, ['log', '--no-merges', '--format=%H%x00%s%x00%b%x1e', range])
  return text
    .split('\x1e')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const [sha = '', subject = '', body = ''] = each.split('\0')
      return { sha, subject, body: body.trim() }
    })
}
