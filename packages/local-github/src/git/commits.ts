import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from '../shapes/common.ts'
import type { HeadCommit } from '../shapes/runs.ts'
import type { Repository } from '../store/entities.ts'
import type { Store } from '../store/store.ts'
import { git, resolve } from './git.ts'
import { type GitObject, readObject, readObjects } from './objects.ts'
import { accountAt } from './people.ts'
import { isOwnSignature } from './signing.ts'

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
  /** The text of the signature that the commit carries, and what it was made for. */
  signature: string | null
  payload: string
}

export const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

/** Commits as `git rev-list` lists them for these arguments, newest first. */
export async function readCommits(gitDir: string, args: readonly string[]): Promise<Commit[]> {
  const ids = (await git(gitDir, ['rev-list', ...args])).split('\n').filter(Boolean)
  return (await readObjects(gitDir, ids)).map((object) => parseCommit(object!))
}

export async function readCommit(gitDir: string, sha: string): Promise<Commit> {
  return parseCommit((await readObject(gitDir, `${sha}^{commit}`))!)
}

/** Reads what `git cat-file commit` prints. */
function parseCommit({ sha, bytes }: GitObject): Commit {
  const text = bytes.toString('utf8')
  const [head, ...message] = text.split('\n\n')
  const lines = head!.split('\n')
  // A value's further lines begin with a space.
  const [block, signature] = /\ngpgsig (.*(?:\n .*)*)/.exec(head!) ?? []
  const fields = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  const person = (text = ''): Signature => {
    const [, name = '', email = '', seconds = '0'] = /^([^<]*?) ?<([^>]*)> (\d+)/.exec(text) ?? []
    return { name, email, date: utc(Number(seconds) * 1000) }
  }
  return {
    sha,
    tree: fields('tree')[0]!,
    parents: fields('parent'),
    author: person(fields('author')[0]),
    committer: person(fields('committer')[0]),
    message: message.join('\n\n').replace(/\n$/, ''),
    signature: signature?.replaceAll('\n ', '\n') ?? null,
    payload: block ? text.replace(block, '') : text,
  }
}

/** The first paragraph of a message as one line, as git shows it. */
export function subjectOf(message: string): string {
  const [, paragraph = ''] = /^(?:[ \t]*\n)*(.*(?:\n.*\S.*)*)/.exec(message)!
  return paragraph
    .split('\n')
    .map((line) => line.trimEnd())
    .join(' ')
}

/** Whether GitHub vouches for a commit: only its own signatures are known here, as no keys are uploaded. */
export function verificationOf(store: Store, { signature, payload, committer }: Commit) {
  if (signature === null) return UNSIGNED
  const verified = isOwnSignature(store, payload, signature)
  return {
    verified,
    reason: verified ? 'valid' : 'unknown_key',
    signature,
    payload,
    verified_at: verified ? committer.date : null,
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
  const account = ({ email }: Signature) => {
    const user = accountAt(shaping.store, email)
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
      verification: verificationOf(shaping.store, commit),
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/commit/${sha}` })),
  }
}
