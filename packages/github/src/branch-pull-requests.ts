import { at, type GitHub } from './connect.ts'
import { GitHubError, hasStatus } from './errors.ts'

/** A pull request from a branch of this repository. */
export interface BranchPullRequest {
  number: number
  url: string
  title: string
  body: string
  state: 'open' | 'closed'
  merged: boolean
  /** The newest commit of its branch. */
  head: string
}

interface Given {
  number: number
  html_url: string
  title: string
  body: string | null
  state: string
  merged_at: string | null
  head: { sha: string }
}

/** The pull requests from a branch of this repository, open and closed, newest first. */
export async function listBranchPullRequests(github: GitHub, branch: string): Promise<BranchPullRequest[]> {
  const pulls = await github.octokit.paginate(github.octokit.rest.pulls.list, {
    ...at(github),
    head: `${github.owner}:${branch}`,
    state: 'all',
    per_page: 100,
  })
  return pulls.map(describe).sort((a, b) => b.number - a.number)
}

/** Opens a pull request; `exists` where one is open from this branch already. Says which setting forbids it, if one does. */
export async function createPullRequest(
  github: GitHub,
  { branch, base, title, body }: { branch: string; base: string; title: string; body: string },
): Promise<BranchPullRequest | 'exists'> {
  try {
    const { data } = await github.octokit.rest.pulls.create({ ...at(github), head: branch, base, title, body })
    return describe(data)
  } catch (error) {
    if (hasStatus(error, 403) && /not permitted to create/.test(String((error as Error).cause))) {
      const settings = 'Settings → Actions → General → Allow GitHub Actions to create and approve pull requests'
      throw new GitHubError(
        `Workflows may not open pull requests in ${github.owner}/${github.repo}: turn on ${settings}.`,
        {
          status: 403,
          cause: error,
        },
      )
    }
    if (!hasStatus(error, 422)) throw error
    // Somebody opened it meanwhile, or the answer to a request that did succeed was lost on the way.
    if ((await listBranchPullRequests(github, branch)).some(({ state }) => state === 'open')) return 'exists'
    throw error
  }
}

/** Changes the text of a pull request, or closes it. */
export async function updatePullRequest(
  github: GitHub,
  number: number,
  change: { title?: string; body?: string; state?: 'closed' },
): Promise<void> {
  await github.octokit.rest.pulls.update({ ...at(github), pull_number: number, ...change })
}

function describe({ number, html_url, title, body, state, merged_at, head }: Given): BranchPullRequest {
  return {
    number,
    url: html_url,
    title,
    // GitHub gives text back with the line ends that its form sends.
    body: (body ?? '').replaceAll('\r\n', '\n'),
    state: state === 'open' ? 'open' : 'closed',
    merged: merged_at !== null,
    head: head.sha,
  }
}
