import { findMergeBase } from '../git/ancestry.ts'
import { diffFiles } from '../git/diff.ts'
import { git, tryGit } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { DiffPlace, Repository, ReviewComment } from '../store/entities.ts'
import { type DiffLine, findPlace, followLine, hunkOf, type Place, parsePatch } from './diff.ts'

/** What a new comment says of its place. */
export interface CommentPlace extends Place {
  path: string
  subject_type?: 'line' | 'file'
}

/** What of a place is not there. */
export type Unresolved = 'path' | 'line'

type Located = Pick<ReviewComment, 'path' | 'diffHunk' | 'originalCommit' | 'original' | 'commit' | 'place'>

/** Finds the place of a comment in the diff of a commit of the pull request. */
export async function locate(
  hub: Hub,
  repo: Repository,
  { pull }: Pull,
  commit: string,
  asked: CommentPlace,
): Promise<Located | Unresolved> {
  const lines = await readDiff(hub, repo, pull.baseSha, commit, asked.path)
  if (!lines) return 'path'
  const common = { path: asked.path, originalCommit: commit, commit }
  if (asked.subject_type === 'file') return { ...common, diffHunk: '', original: null, place: null }
  const place = findPlace(lines, asked)
  if (!place) return 'line'
  return { ...common, diffHunk: hunkOf(lines, place), original: place, place }
}

/** The diff of one file from where two commits parted; undefined where the file did not change. */
async function readDiff(
  hub: Hub,
  repo: Repository,
  base: string,
  head: string,
  path: string,
): Promise<DiffLine[] | undefined> {
  const from = (await findMergeBase(repo.gitDir, base, head)) ?? base
  const files = await diffFiles(hub, repo, from, head)
  const file = files.find(({ filename }) => filename === path)
  return file && parsePatch(file.patch ?? '')
}

/** Whether a commit is one of the pull request's own. */
export async function isOfPull(repo: Repository, { pull }: Pull, commit: string): Promise<boolean> {
  if (!/^[\da-f]{40}$/.test(commit)) return false
  const own = await git(repo.gitDir, ['rev-list', `${pull.baseSha}..${pull.headSha}`])
  return own.split('\n').includes(commit)
}

/** After the head has moved: comments follow their lines; those whose line was changed are outdated. */
export async function moveComments(hub: Hub, repo: Repository, { id, pull }: Pull): Promise<void> {
  const { reviewComments } = hub.store
  for (const comment of reviewComments.filter((row) => row.issue === id && row.place !== null)) {
    const place = await follow(hub, repo, pull, comment, comment.place!)
    reviewComments.update(comment, place ? { place, commit: pull.headSha } : { place: null })
  }
}

async function follow(
  hub: Hub,
  repo: Repository,
  pull: Pull['pull'],
  { path, commit }: ReviewComment,
  place: DiffPlace,
): Promise<DiffPlace | undefined> {
  const { side, line, startLine, startSide } = place
  const options = ['--literal-pathspecs', 'diff', '--no-color', '--no-ext-diff', commit, pull.headSha, '--', path]
  const patch = await tryGit(repo.gitDir, options)
  if (patch === undefined) return undefined
  const moves = parsePatch(patch)
  // Lines of the old file stay where they are, as long as the diff still shows them.
  const moved = (at: Place['side'], number: number) => (at === 'LEFT' ? number : followLine(moves, number))
  const end = moved(side, line)
  const start = startLine === null ? undefined : moved(startSide ?? side, startLine)
  if (end === undefined || (startLine !== null && start === undefined)) return undefined
  const lines = await readDiff(hub, repo, pull.baseSha, pull.headSha, path)
  const asked = { line: end, side, ...(start !== undefined && { start_line: start, start_side: startSide ?? side }) }
  return lines && findPlace(lines, asked)
}
