import { execFileSync } from 'node:child_process'

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
}

function git(gitDir: string, args: string[], input = ''): string {
  return execFileSync('git', args, {
    cwd: gitDir,
    input,
    encoding: 'utf8',
    env: { ...process.env, ...IDENTITY },
  }).trim()
}

function commit(gitDir: string, branch: string, ...parents: string[]): string {
  const tree = git(gitDir, ['mktree'], `100644 blob ${git(gitDir, ['hash-object', '-w', '--stdin'], branch)}\ta.txt\n`)
  const options = parents.flatMap((parent) => ['-p', parent])
  const sha = git(gitDir, ['commit-tree', tree, ...options, '-m', branch])
  git(gitDir, ['update-ref', `refs/heads/${branch}`, sha])
  return sha
}

/** A first commit on `main`, and so many tags at it, as a push leaves them. */
export function makeTags(gitDir: string, count: number): void {
  const sha = commit(gitDir, 'main')
  const refs = Array.from({ length: count }, (_, index) => `create refs/tags/model@v0.${index}.0 ${sha}\n`)
  git(gitDir, ['update-ref', '--stdin'], refs.join(''))
}

/** A pull request with so many comments; its number. */
export async function openPull(apiUrl: string, token: string, gitDir: string, comments: number): Promise<number> {
  commit(gitDir, 'better', git(gitDir, ['rev-parse', 'refs/heads/main']))
  const pull = { title: 'Better', head: 'better', base: 'main' }
  const { number } = (await ask(apiUrl, token, 'POST', 'pulls', pull)) as { number: number }
  for (let index = 0; index < comments; index++) {
    await ask(apiUrl, token, 'POST', `issues/${number}/comments`, { body: `Comment ${index}` })
  }
  return number
}

/** What the repository's API answers, which must be a success. */
export async function ask(apiUrl: string, token: string, method: string, path: string, body?: object) {
  const response = await fetch(`${apiUrl}/repos/acme/model/${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} was answered by ${response.status}: ${await response.text()}`)
  return response.json()
}
