import type { Hub } from '../../hub.ts'
import type { Release, Repository } from '../../store/entities.ts'

export type MakeLatest = 'true' | 'false' | 'legacy'

/** Of the published full releases the one that was said to be the latest, else that of the newest commit. */
export function latestRelease({ store }: Hub, repo: Repository): Release | undefined {
  const rows = store.releases.filter((row) => row.repo === repo.id && !row.draft && !row.prerelease)
  return rows.find((row) => row.latest) ?? rows.sort(byAge)[0]
}

/** Follows `make_latest`: a release that is the latest takes that from the others. */
export function markLatest({ store }: Hub, release: Release, makeLatest: MakeLatest): void {
  const isFull = !release.draft && !release.prerelease
  const marked = store.releases.filter((row) => row.repo === release.repo && row.latest)
  if (makeLatest === 'legacy' || (makeLatest === 'true' && isFull))
    for (const other of marked) store.releases.update(other, { latest: false })
  const latest = makeLatest === 'true' && isFull
  if (release.latest !== latest) store.releases.update(release, { latest })
}

/** The newest commit first; of several of one commit the higher version. */
function byAge(a: Release, b: Release): number {
  return b.createdAt.localeCompare(a.createdAt) || compareVersions(b.tag, a.tag)
}

/** By the numbers in them, one after the other. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
