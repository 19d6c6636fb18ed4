import { at, type GitHub } from './connect.ts'
import { hasStatus } from './errors.ts'

export interface PullRequest {
  number: number
  title: string
  url: string
  author: string
  /** The newest commit of its branch. */
  head: string
  /** `owner/name` of the repository that the branch is in; null where that was deleted. */
  headRepository: string | null
  /** The branch that it is to go into. */
  base: string
  fork: boolean
  merged: boolean
  /** The commit that the merge made on the base branch. */
  mergeCommit: string | null
}

interface Listed {
  number: number
  title: string
  html_url: string
  user: { login: string } | null
  head: { sha: string; repo: { full_name: string } | null }
  base: { ref: string }
  merged_at: string | null
  merge_commit_sha: string | null
}

/** Finds the pull request whose merge made this commit, or whose branch ends with it: not by a commit that only a fork has. */
export async function findPullRequest(github: GitHub, { sha }: { sha: string }): Promise<PullRequest | undefined> {
  const isIt = ({ head, merged_at, merge_commit_sha }: Listed) =>
    (merged_at !== null && merge_commit_sha === sha) || head.sha === sha
  const own = await listOfCommit(github, sha)
  // A squashed or rebased merge is listed by the commits that it made, none of which need be `merge_commit_sha`.
  const found = own.find(isIt) ?? own.find(({ merged_at }) => merged_at !== null)
  return found && describe(github, found)
}

/**
 * The open pull requests from a branch of this repository or of a fork whose newest commit is this one: none where the
 * branch moved on, several where it is to go into several others.
 */
export async function listPullRequestsAt(
  github: GitHub,
  { headRepository, branch, sha }: { headRepository: string; branch: string; sha: string },
): Promise<PullRequest[]> {
  const pulls = await github.octokit.paginate(github.octokit.rest.pulls.list, {
    ...at(github),
    state: 'open',
    head: `${headRepository.split('/')[0]}:${branch}`,
    per_page: 100,
  })
  // GitHub knows the branch by its owner alone, who may have other repositories.
  return pulls
    .filter(({ head }) => head.sha === sha && head.repo?.full_name === headRepository)
    .map((pull) => describe(github, pull))
}

/** GitHub refuses to list those of a commit that it does not hold: that of a fork, say. */
async function listOfCommit(github: GitHub, sha: string): Promise<Listed[]> {
  try {
    return await github.octokit.paginate(github.octokit.rest.repos.listPullRequestsAssociatedWithCommit, {
      ...at(github),
      commit_sha: sha,
      per_page: 100,
    })
  } catch (error) {
    if (hasStatus(error, 404, 422)) return []
    throw error
  }
}

function describe(github: GitHub, pull: Listed): PullRequest {
  const headRepository = pull.head.repo?.full_name ?? null
  return {
    number: pull.number,
    title: pull.title,
    url: pull.html_url,
    author: pull.user?.login ?? 'ghost',
    head: pull.head.sha,
    headRepository,
    base: pull.base.ref,
    fork: headRepository !== `${github.owner}/${github.repo}`,
    merged: pull.merged_at !== null,
    mergeCommit: pull.merged_at === null ? null : pull.merge_commit_sha,
  }
}
