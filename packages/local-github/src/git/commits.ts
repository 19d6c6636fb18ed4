import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from '../shapes/common.ts'
import type { HeadCommit } from '../shapes/runs.ts'
import type { Repository } from '../store/entities.ts'
import { git, resolve } from './git.ts'
import { type GitObject, readObject } from './objects.ts'

export interface Signature {
  name: string
  email: string
  date: string
}

export interface Commit {
  sha: string
  tree: string
  parents: string[]
  author: Signature
  committer: Signature
  message: string
}

export const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01'

/** Commits as `git log` lists them, newest first. */
export async function readCommits(gitDir: string, args: readonly string[]): Promise<Commit[]> {
  const text = await git(gitDir, ['log', `--format=${FORMAT}`, ...args])
  return text
    .split('\x01')
    .map((record) => record.replace(/^\n/, '').split('\0'))
    .filter((fields) => fields.length > 9)
    .map(([sha, tree, parents, an, ae, ad, cn, ce, cd, message]) => ({
      sha: sha!,
      tree: tree!,
      parents: parents!.split(' ').filter(Boolean),
      author: { name: an!, email: ae!, date: utc(ad!) },
      committer: { name: cn!, email: ce!, date: utc(cd!) },
      message: message!.replace(/\n$/, ''),
    }))
}

export async function readCommit(gitDir: string, sha: string): Promise<Commit> {
  return parseCommit((await readObject(gitDir, `${sha}^{commit}`))!)
}

/** Reads what `git cat-file commit` prints. */
function parseCommit({ sha, bytes }: GitObject): Commit {
  const [head, ...message] = bytes.toString('utf8').split('\n\n')
  const lines = head!.split('\n')
  const fields = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  const signature = (text = ''): Signature => {
    const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+)/.exec(text) ?? []
    return { name, email, date: utc(Number(seconds) * 1000) }
  }
  return {
    sha,
    tree: fields('tree')[0]!,
    parents: fields('parent'),
    author: signature(fields('author')[0]),
    committer: signature(fields('committer')[0]),
    message: message.join('\n\n').replace(/\n$/, ''),
  }
}

/** What a run shows of its head commit; null where the repository does not hold it any more. */
export async function readHeadCommit(gitDir: string, headSha: string): Promise<HeadCommit | null> {
  if (!(await resolve(gitDir, headSha))) return null
  const { sha, tree, message, author, committer } = await readCommit(gitDir, headSha)
  const who = ({ name, email }: Signature) => ({ name, email })
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: author.date,
    author: who(author),
    committer: who(committer),
  }
}

const utc = (date: string | number) => new Date(date).toISOString().replace('.000Z', 'Z')

/** A commit as the API's commit routes show it, without files. */
export function commitShape(shaping: Shaping, repo: Repository, commit: Commit) {
  const api = repoApi(shaping, repo)
  const html = repoHtml(shaping, repo)
  const url = `${api}/commits/${commit.sha}`
  const account = ({ name, email }: Signature) => {
    const login = email.replace(/@users\.noreply\.github\.com$/, '').replace(/^\d+\+/, '')
    const user = shaping.store.users.find((row) => row.login === login || row.login === name)
    return user ? simpleUser(shaping, user.login) : null
  }
  return {
    url,
    sha: commit.sha,
    node_id: nodeId('Commit', repo.id),
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      verification: UNSIGNED,
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/commit/${sha}` })),
  }
}

/** The changed files between two trees or commits, with their patches. */
export async function diffFiles(shaping: Shaping, repo: Repository, from: string, to: string) {
  const options = ['-r', '-M', '--no-color', from, to]
  const raw = await git(repo.gitDir, ['diff-tree', '-z', '--raw', '--no-abbrev', ...options])
  const numbers = await git(repo.gitDir, ['diff-tree', '--numstat', '--no-renames', '-r', '-z', from, to])
  const counts = new Map(
    numbers
      .split('\0')
      .filter(Boolean)
      .map((line) => {
        const [added, deleted, path] = line.split('\t')
        return [path!, { additions: Number(added) || 0, deletions: Number(deleted) || 0 }] as const
      }),
  )
  const fields = raw.split('\0').filter(Boolean)
  const files = []
  for (let at = 0; at < fields.length; ) {
    const [, , oldSha, newSha, status] = fields[at++]!.split(' ')
    const previous = fields[at++]!
    const renamed = status!.startsWith('R')
    const filename = renamed ? fields[at++]! : previous
    const patch = await git(repo.gitDir, ['diff-tree', '-p', '--no-color', from, to, '--', filename])
    const { additions = 0, deletions = 0 } = counts.get(filename) ?? {}
    const path = filename.split('/').map(encodeURIComponent).join('/')
    files.push({
      sha: status === 'D' ? oldSha! : newSha!,
      filename,
      status: STATUS[status![0]!] ?? 'changed',
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${repoHtml(shaping, repo)}/blob/${to}/${path}`,
      raw_url: `${repoHtml(shaping, repo)}/raw/${to}/${path}`,
      contents_url: `${repoApi(shaping, repo)}/contents/${path}?ref=${to}`,
      ...(patch.includes('@@') ? { patch: patch.slice(patch.indexOf('@@')) } : {}),
      ...(renamed ? { previous_filename: previous } : {}),
    })
  }
  return files
}

const STATUS: Record<string, 'added' | 'removed' | 'modified' | 'renamed'> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
}
