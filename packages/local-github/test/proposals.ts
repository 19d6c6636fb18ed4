import type { Octokit } from '@octokit/rest'

/** Makes commits, branches and pull requests over REST alone, which is quicker than to push them. */
export function createProposals(octokit: Octokit, at: { owner: string; repo: string }) {
  /** Puts a file onto a branch and answers with the commit. */
  async function commit(branch: string, path: string, text: string, message = `Work on ${branch}`): Promise<string> {
    const known = await octokit.repos.getContent({ ...at, path, ref: branch }).catch(() => undefined)
    const sha = known && { sha: (known.data as { sha: string }).sha }
    const content = Buffer.from(text).toString('base64')
    const { data } = await octokit.repos.createOrUpdateFileContents({ ...at, path, branch, message, content, ...sha })
    return data.commit.sha!
  }

  /** A new branch of main with this file. */
  async function branch(name: string, path = `${name}.txt`, text = name): Promise<string> {
    const { data: main } = await octokit.git.getRef({ ...at, ref: 'heads/main' })
    await octokit.git.createRef({ ...at, ref: `refs/heads/${name}`, sha: main.object.sha })
    return commit(name, path, text)
  }

  /** The same, and a pull request for it. */
  async function propose(name: string, path?: string, text?: string, more: object = {}) {
    const sha = await branch(name, path, text)
    const { data } = await octokit.pulls.create({ ...at, head: name, base: 'main', title: name, ...more })
    return { number: data.number, sha, one: { ...at, pull_number: data.number } }
  }

  return { commit, branch, propose }
}
