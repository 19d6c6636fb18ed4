import { UserError } from '@modelyard/spec'
import type { Made } from './commits.ts'
import { git, type Remote } from './git.ts'
import { type Releases, releaseOf } from './releases.ts'
import { compareVersions, parseVersion } from './version.ts'

/** A ref that is to be set, and what it must name until then (nothing: it must not be there). */
export interface Update {
  ref: string
  from: string
  to: string
}

/**
 * The tags that are still to be set for a release: its own, which must be new, and the moving one, unless a higher
 * version has it already. Pure. Throws a `UserError` where the version was released with other content, and where the
 * moving tag names what is no release.
 */
export function tagUpdates({ version, commit, tag }: Omit<Made, 'actions'>, releases: Releases): Update[] {
  const present = releaseOf(releases, version)
  if (present && present.commit !== commit)
    throw new UserError(
      `${version} was released already with other content (${present.commit.slice(0, 10)}; this would be ${commit.slice(0, 10)}): release under a higher version.`,
    )
  const own = parseVersion(version)!
  const moving = `v${own[0]}`
  const at = releases.moving.get(moving)
  const holder = releases.all.find((release) => release.commit === at)
  if (at && holder?.version[0] !== own[0])
    throw new UserError(
      `The tag ${moving} names ${at.slice(0, 10)}, which is no release of ${moving}: somebody moved it. Delete it, and run this again: it is set anew.`,
    )
  const same = releases.all.filter((release) => release.version[0] === own[0])
  const highest = [...same, { version: own, commit }].sort((a, b) => compareVersions(a.version, b.version)).at(-1)!
  return [
    ...(tag && !present ? [{ ref: `refs/tags/${version}`, from: '', to: tag }] : []),
    ...(highest.commit === at ? [] : [{ ref: `refs/tags/${moving}`, from: at ?? '', to: highest.commit }]),
  ]
}

/**
 * Sets what is still to be set in one atomic push that compares before it swaps; nothing is pushed where all is done.
 * Throws a `UserError` where somebody set one of these tags meanwhile.
 */
export async function pushRelease(repository: string, remote: Remote, made: Made, releases: Releases): Promise<void> {
  const updates = tagUpdates(made, releases)
  if (updates.length === 0) return
  const leases = updates.map(({ ref, from }) => `--force-with-lease=${ref}:${from}`)
  const specs = updates.map(({ ref, to }) => `${to}:${ref}`)
  const args = ['push', '--quiet', '--atomic', ...leases, remote.url, ...specs]
  await git(repository, args, { env: remote.env ?? {} }).catch((cause: Error) => {
    if (!/stale info|already exists/.test(cause.message)) throw cause
    throw new UserError(
      `Another release was made at the same time as ${made.version}: nothing of this one was published. Run it again.`,
      { cause },
    )
  })
}
