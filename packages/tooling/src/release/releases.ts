import { UserError } from '@modelyard/spec'
import { git, type Remote } from './git.ts'
import { compareVersions, formatVersion, parseVersion, type Version } from './version.ts'

/** A release as its tag tells of it. */
export interface Release {
  version: Version
  /** The commit that the tag names: the second of the release. */
  commit: string
  /** The commit that was released; undefined where it came from none. */
  source: string | undefined
}

/** What a repository has released. */
export interface Releases {
  /** Lowest version first. */
  all: Release[]
  /** The moving tags, as they are: `v1` and the commit that it names. */
  moving: Map<string, string>
}

/** Where the remote's tags are kept beside those that the clone brought. */
const HERE = 'refs/modelyard-release/'

const FORMAT = [
  '%(refname)',
  '%(objecttype)',
  '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)',
  '%(*subject)',
  '%(*contents:trailers:key=Source,valueonly,separator=%2C)',
].join('%00')

/**
 * Reads the releases of a remote from its tags, which it brings into the repository. Throws a `UserError` where a tag
 * like `v1.2.3` names something that was never released under this version.
 */
export async function readReleases(repository: string, remote: Remote): Promise<Releases> {
  const tags = `+refs/tags/v*:${HERE}v*`
  await git(repository, ['fetch', '--quiet', '--no-tags', '--prune', remote.url, tags], { env: remote.env ?? {} })
  const text = await git(repository, ['for-each-ref', `--format=${FORMAT}`, HERE])
  const rows = text.split('\n').filter(Boolean)
  const all: Release[] = []
  const moving = new Map<string, string>()
  for (const row of rows) {
    const [ref = '', type = '', commit = '', subject = '', source = ''] = row.split('\0')
    const name = ref.slice(HERE.length)
    const version = parseVersion(name)
    if (/^v\d+$/.test(name)) moving.set(name, commit)
    if (!version) continue
    if (type !== 'tag' || subject !== `Release ${name}`)
      throw new UserError(
        `The tag ${name} names ${commit.slice(0, 10)}, which was not released as ${name}: somebody moved it. Put it back on the commit «Release ${name}», and run this again.`,
      )
    all.push({ version, commit, source: source || undefined })
  }
  return { all: all.sort((a, b) => compareVersions(a.version, b.version)), moving }
}

/** The release of a version; undefined where there is none. */
export function releaseOf({ all }: Releases, version: string): Release | undefined {
  return all.find((release) => formatVersion(release.version) === version)
}
