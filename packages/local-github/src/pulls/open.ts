import { findMergeBase } from '../git/ancestry.ts'
import { resolve, tryGit } from '../git/git.ts'
import { updateRef } from '../git/ref-updates.ts'
import { actor, may, type Principal } from '../http/auth.ts'
import { ApiError, invalid } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { nextNumber } from '../issues/find.ts'
import { insertIssue } from '../issues/insert.ts'
import { emitPull } from '../scheduler/pull-events.ts'
import type { Pull } from '../shapes/pulls.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import type { Issue, PullPart, Repository } from '../store/entities.ts'
import { bringCommits, refreshMerge } from './lifecycle.ts'
import { askOwners } from './reviewers.ts'

export interface NewPull {
  title: string
  body: string | null
  headRepo: Repository
  headRef: string
  baseRef: string
  draft: boolean
  maintainerCanModify: boolean
  /** An issue that becomes the pull request. */
  issue?: Issue | undefined
}

/** Opens a pull request; refuses one that is there already, or brings no commits. */
export async function openPull(hub: Hub, repo: Repository, by: Principal, asked: NewPull): Promise<Pull> {
  const { headRepo, headRef, baseRef } = asked
  const headSha = await resolve(headRepo.gitDir, `refs/heads/${headRef}`)
  if (!headSha) throw invalid('PullRequest', 'invalid', 'head')
  const baseSha = await resolve(repo.gitDir, `refs/heads/${baseRef}`)
  if (!baseSha) throw invalid('PullRequest', 'invalid', 'base')
  await bringCommits(hub, repo, headRepo.id, headSha)
  // Between two repositories GitHub names the branches with their owners.
  const label = (of: Repository, ref: string) => (headRepo === repo ? ref : `${of.owner}:${ref}`)
  const names = { base: label(repo, baseRef), head: label(headRepo, headRef) }
  await demandCommits(repo, { ...names, baseSha, headSha })
  const pull: PullPart = {
    headRepo: headRepo.id,
    headRef,
    headSha,
    baseRef,
    baseSha,
    draft: asked.draft,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
    testedBase: baseSha,
    // Who may push to the base may do so to the head already where both are one repository.
    maintainerCanModify: headRepo !== repo && asked.maintainerCanModify,
    reviewers: [],
    reviewTeams: [],
  }
  // From here to the row nothing waits, so that no other takes the number or the branches.
  demandNoTwin(hub, repo, pull)
  const number = asked.issue?.number ?? nextNumber(hub, repo)
  const issue = (
    asked.issue
      ? hub.store.issues.update(asked.issue, { pull })
      : insertIssue(hub, { repo: repo.id, number, title: asked.title, body: asked.body, user: actor(by), pull })
  ) as Pull
  await updateRef(repo.gitDir, `refs/pull/${number}/head`, headSha)
  await refreshMerge(hub, repo, issue)
  await emitPull(hub, repo, by, issue, 'opened')
  await askOwners(hub, repo, by, issue)
  return issue
}

/** Between the same two branches there is one open pull request. */
export function demandNoTwin(
  hub: Hub,
  repo: Repository,
  { headRepo, headRef, baseRef }: Pick<PullPart, 'headRepo' | 'headRef' | 'baseRef'>,
): void {
  const twin = hub.store.issues.find(
    (row) =>
      row.repo === repo.id &&
      row.state === 'open' &&
      row.pull?.headRepo === headRepo &&
      row.pull.headRef === headRef &&
      row.pull.baseRef === baseRef,
  )
  if (!twin) return
  const { owner } = hub.store.repositories.get(headRepo)!
  throw refuse(`A pull request already exists for ${owner}:${headRef}.`)
}

const refuse = (message: string) =>
  new ApiError(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] })

async function demandCommits(
  repo: Repository,
  { base, baseSha, head, headSha }: Record<'base' | 'baseSha' | 'head' | 'headSha', string>,
): Promise<void> {
  if ((await findMergeBase(repo.gitDir, baseSha, headSha)) === undefined)
    throw refuse(`The ${head} branch has no history in common with ${base}`)
  const count = await tryGit(repo.gitDir, ['rev-list', '--count', `${baseSha}..${headSha}`])
  if (count === '0') throw refuse(`No commits between ${base} and ${head}`)
}

/** Who may open one: who can write to the head's repository or to the base's, and a job whose repository allows it. */
export function demandMayOpen(hub: Hub, by: Principal, repo: Repository, headRepo: Repository): void {
  if (by.kind === 'job') demandAllowed(hub, repo)
  else if (!may(hub, by, repo, 'write') && !may(hub, by, headRepo, 'write'))
    throw new ApiError(403, 'Resource not accessible by personal access token')
}

/** GITHUB_TOKEN opens and approves pull requests only where the repository's settings say so. */
function demandAllowed(hub: Hub, repo: Repository): void {
  if (actionsSettings(hub.store, repo.id).can_approve_pull_request_reviews) return
  throw new ApiError(403, 'GitHub Actions is not permitted to create or approve pull requests.')
}
