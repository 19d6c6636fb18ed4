import { readCommit } from '../../git/commits.ts'
import { getRef, resolve, ZERO_SHA } from '../../git/git.ts'
import { changeRef } from '../../git/refs.ts'
import type { Principal } from '../../http/auth.ts'
import { ApiError, type FieldError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { inAnswer, refusalOf } from '../../rules/refs.ts'
import type { Release, Repository } from '../../store/entities.ts'
import { fullName } from '../../store/store.ts'

const INVALID_TAG: FieldError = {
  resource: 'Release',
  code: 'custom',
  message: 'Published releases must have a valid tag',
}

const custom = (field: string, message: string): FieldError => ({
  resource: 'Release',
  code: 'custom',
  field,
  message: `${field} ${message}`,
})

/** The date of the commit that a release is of: its tag's where there is one, else its target's. */
export async function commitDate(repo: Repository, tag: string, target: string): Promise<string> {
  const sha = (await resolve(repo.gitDir, `refs/tags/${tag}`)) ?? (await resolve(repo.gitDir, target))
  if (!sha) throw invalid('Release', 'invalid', 'target_commitish')
  return (await readCommit(repo.gitDir, sha)).committer.date
}

/**
 * A published release has a tag, which no other one has: where there is none, one is made at its target. Who asks holds
 * the lock of the repository's refs until the release is stored.
 */
export async function claimTag(
  hub: Hub,
  repo: Repository,
  by: Principal,
  { id, tag, target }: Pick<Release, 'tag' | 'target'> & { id?: number },
): Promise<void> {
  const { releases, spentTags } = hub.store
  if (releases.find((row) => row.repo === repo.id && !row.draft && row.tag === tag && row.id !== id))
    throw invalid('Release', 'already_exists', 'tag_name')
  const isSpent = spentTags.find((row) => row.repository === fullName(repo) && row.tag === tag) !== undefined
  // Its own tag a release may keep.
  const refused = isSpent && !releases.get(id ?? 0)?.immutable
  const ref = `refs/tags/${tag}`
  const isThere = (await getRef(repo.gitDir, ref)) !== undefined
  const update = { ref, before: ZERO_SHA, after: (await resolve(repo.gitDir, target))! }
  const refusal = isThere ? undefined : await refusalOf(hub, repo, by, update)
  if (refusal?.kind === 'workflow') throw new ApiError(403, 'Resource not accessible by integration')
  const errors = [
    ...(refusal ? [custom('pre_receive', inAnswer(refusal))] : []),
    ...(refused ? [custom('tag_name', 'was used by an immutable release')] : []),
  ]
  if (errors.length) throw new ApiError(422, 'Validation Failed', { errors: [...errors, INVALID_TAG] })
  if (isThere) return
  await changeRef(hub, repo, by, update)
}

/** What a release becomes as it is published: from now on it may be immutable, and its tag is spent then. */
export function published(hub: Hub, repo: Repository, tag: string): Partial<Release> {
  const { immutableReleases: immutable } = repo
  if (immutable) hub.store.spentTags.insert({ repository: fullName(repo), tag })
  return { draft: false, immutable, publishedAt: hub.clock.now() }
}
