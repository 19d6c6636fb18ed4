import {
  advanceRef,
  type BranchPullRequest,
  createCommit,
  createPullRequest,
  createTree,
  type GitHub,
  listBranchPullRequests,
  readCommit,
  readRef,
  type TreeChange,
  updatePullRequest,
  upsertComment,
} from '@modelyard/github'
import { readTrailers, type Trailers } from '@modelyard/registry'
import { RefusedError, retrainBranch } from '@modelyard/spec'
import { type Answered, clearMarker, type Marked, mark, readMarker, writeMarker } from './retrain-marker.ts'

/** What became of a model's one retrain pull request. */
export interface Outcome {
  outcome: 'opened' | 'updated' | 'unchanged' | 'closed' | 'left' | 'none'
  pull?: { number: number; url: string; head: string }
  /** A sentence for the log and the record. */
  said: string
  /** Whether the branch holds exactly what was asked for, and nothing of other people's. */
  own: boolean
}

export interface Proposal {
  model: string
  /** The branch that it is to go into. */
  base: string
  title: string
  /** As markdown. */
  body: string
  /** What a person closed stays closed until it is another version's, or another column's. */
  answers: Answered
  changes: TreeChange[]
  /** The commit that the changes were made on. */
  onto: string
  /** Facts for the commit's message: the branch gets a new commit when one of `identity` changes. */
  trailers: Trailers
  /** The names of the trailers that say what is proposed rather than when. */
  identity: string[]
}

/** The trailer of the branch's commit that names the run which trained the candidate. */
export const TRAINED_IN = 'Trained-In'

const ATTEMPTS = 3

/** Trailers of our own commits: whose they are, what they stand on, and the tree that we gave them. */
const MARK = 'Modelyard-Retrain'
const BASE = 'Base'
const TREE = 'Tree'

/**
 * Keeps one pull request for a model: opens it, or brings branch and text up to date. The branch only ever moves
 * forward, by compare-and-swap. Where somebody else pushed to it the branch is theirs, and only the text is kept; where
 * somebody closed or merged it, it stays so until the drift is another.
 */
export async function propose(github: GitHub, proposal: Proposal): Promise<Outcome> {
  const branch = retrainBranch(proposal.model)
  const body = `${writeMarker(proposal.model, proposal.answers)}\n${proposal.body}`
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pulls = await listBranchPullRequests(github, branch)
    const open = pulls.find(({ state }) => state === 'open')
    const answer = open ? undefined : closedFor(pulls, proposal)
    if (answer) {
      const how = answer.merged ? 'was merged' : 'was closed'
      const then = answer.merged ? 'promote the version that it made' : 'reopen it if it is wanted after all'
      return {
        outcome: 'left',
        pull: answer,
        said: `Pull request #${answer.number} answered this very drift and ${how}: ${then}.`,
        own: false,
      }
    }
    const moved = await bringUp(github, branch, proposal)
    if (moved === 'lost') continue
    if (moved.foreign && !open) {
      return {
        outcome: 'left',
        said: `The branch ${branch} holds commits of somebody else and has no open pull request: open one, or delete the branch, and run this again.`,
        own: false,
      }
    }
    if (!open) {
      const made = await createPullRequest(github, { branch, base: proposal.base, title: proposal.title, body })
      if (made === 'exists') continue
      return { outcome: 'opened', pull: made, said: `Opened pull request #${made.number}.`, own: true }
    }
    // A title that is not our last commit's is a person's.
    const title = open.title === moved.titleBefore ? proposal.title : open.title
    const isSame = open.body === body && open.title === title
    if (!isSame) await updatePullRequest(github, open.number, { body, title })
    const pull = { number: open.number, url: open.url, head: moved.head }
    const whose = moved.foreign ? ' Somebody pushed to its branch, which is left as it is.' : ''
    if (isSame && !moved.changed)
      return {
        outcome: 'unchanged',
        pull,
        said: `Pull request #${open.number} says so already.${whose}`,
        own: !moved.foreign,
      }
    return { outcome: 'updated', pull, said: `Updated pull request #${open.number}.${whose}`, own: !moved.foreign }
  }
  throw new RefusedError(
    `Others kept changing the branch ${branch} at the same time: after ${ATTEMPTS} attempts it was left as it is. Run this again.`,
  )
}

/**
 * Closes a model's retrain pull request, saying why, if what it answers `isBack`; one to which somebody pushed is
 * theirs, and only told.
 */
export async function withdraw(
  github: GitHub,
  { model, comment, isBack }: { model: string; comment: string; isBack: (answers: Marked | undefined) => boolean },
): Promise<Outcome> {
  const branch = retrainBranch(model)
  const [open] = (await listBranchPullRequests(github, branch)).filter(({ state }) => state === 'open')
  if (!open) return { outcome: 'none', said: 'There is no retrain pull request, and none is needed.', own: false }
  const pull = { number: open.number, url: open.url, head: open.head }
  if (!isBack(readMarker(model, open.body)))
    return { outcome: 'none', pull, said: `What pull request #${open.number} answers is not back yet.`, own: false }
  const foreign = !isOwn(model, await readCommit(github, open.head))
  const rest = foreign ? '\n\nSomebody pushed to this branch, so it stays open: close it if it is not wanted.' : ''
  await upsertComment(github, {
    issue: open.number,
    marker: `modelyard:cleared:${model}`,
    body: `${comment}${rest}`,
  })
  if (foreign) {
    return {
      outcome: 'left',
      pull,
      said: `Pull request #${open.number} is not needed any more; somebody pushed to it, so it stays open.`,
      own: false,
    }
  }
  await updatePullRequest(github, open.number, { state: 'closed', body: clearMarker(model, open.body) })
  return { outcome: 'closed', pull, said: `Closed pull request #${open.number}: the drift has cleared.`, own: true }
}

/** The newest closed pull request, if every column that moved was answered by one of the same version before. */
function closedFor(pulls: readonly BranchPullRequest[], { model, answers }: Proposal): BranchPullRequest | undefined {
  const { champion, columns } = mark(answers)
  const closed = pulls.filter(({ body }) => readMarker(model, body)?.champion === champion)
  const known = closed.flatMap(({ body }) => readMarker(model, body)!.columns)
  return columns.every((column) => known.includes(column)) ? closed[0] : undefined
}

/** Whether a commit is as we made it: one that somebody amended or laid onto another base has another tree. */
function isOwn(model: string, { message, tree }: { message: string; tree: string }): boolean {
  const found = readTrailers(message)
  return found[MARK] === model && found[TREE] === tree
}

interface Moved {
  head: string
  /** Whether the newest commit is somebody else's, and the branch was left. */
  foreign: boolean
  changed: boolean
  /** The first line of what was our newest commit. */
  titleBefore?: string
}

/** Brings the branch to the proposal on top of what it was made on, unless its newest commit is somebody else's. */
async function bringUp(
  github: GitHub,
  branch: string,
  { model, onto, changes, title, trailers, identity }: Proposal,
): Promise<Moved | 'lost'> {
  const ref = `refs/heads/${branch}`
  const tip = await readRef(github, ref)
  const below = await readCommit(github, onto)
  const tree = changes.length === 0 ? below.tree : await createTree(github, { base: below.tree, changes })
  const said: Trailers = { [MARK]: model, [BASE]: onto, [TREE]: tree, ...trailers }
  let parents = [onto]
  let titleBefore: string | undefined
  if (tip && tip.sha !== onto) {
    const held = await readCommit(github, tip.sha)
    if (!isOwn(model, held)) return { head: tip.sha, foreign: true, changed: false }
    const found = readTrailers(held.message)
    titleBefore = held.message.split('\n')[0]!
    const isSame = held.tree === tree && identity.every((key) => found[key] === said[key])
    if (isSame) return { head: tip.sha, foreign: false, changed: false, titleBefore }
    parents = found[BASE] === onto ? [tip.sha] : [tip.sha, onto]
  }
  const lines = Object.entries(said).map(([key, value]) => `${key}: ${value}`)
  const to = await createCommit(github, { message: `${title}\n\n${lines.join('\n')}\n`, tree, parents })
  const outcome = await advanceRef(github, { ref, from: tip?.sha ?? null, to })
  if (outcome === 'lost') return 'lost'
  return { head: to, foreign: false, changed: true, ...(titleBefore === undefined ? {} : { titleBefore }) }
}
