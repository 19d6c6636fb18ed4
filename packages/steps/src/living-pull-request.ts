import {
  advanceRef,
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
  /** The same for the same drift: what a person closed stays closed until it changes. Hexadecimal. */
  fingerprint: string
  changes: TreeChange[]
  /** Facts for the commit's message: the branch gets a new commit when one of `identity` changes. */
  trailers: Trailers
  /** The names of the trailers that say what is proposed rather than when. */
  identity: string[]
}

/** The trailer of the branch's commit that names the run which trained the candidate. */
export const TRAINED_IN = 'Trained-In'

const ATTEMPTS = 3

const PREFIX = '<!-- modelyard:retrain:'
/** Trailers of our own commits: whose they are, and the commit of the base that they stand on. */
const MARK = 'Modelyard-Retrain'
const BASE = 'Base'

/**
 * Keeps one pull request for a model: opens it, or brings branch and text up to date. The branch only ever moves
 * forward, by compare-and-swap. Where somebody else pushed to it the branch is theirs, and only the text is kept; where
 * somebody closed or merged it, it stays so until the drift is another.
 */
export async function propose(github: GitHub, proposal: Proposal): Promise<Outcome> {
  const branch = retrainBranch(proposal.model)
  const body = `${marker(proposal)}\n${proposal.body}`
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pulls = await listBranchPullRequests(github, branch)
    const open = pulls.find(({ state }) => state === 'open')
    const [newest] = pulls
    if (newest && !open && newest.body.includes(marker(proposal))) {
      const how = newest.merged ? 'was merged' : 'was closed'
      const then = newest.merged ? 'promote the version that it made' : 'reopen it if it is wanted after all'
      return {
        outcome: 'left',
        pull: newest,
        said: `Pull request #${newest.number} answered this very drift and ${how}: ${then}.`,
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
    if (open.body !== body) await updatePullRequest(github, open.number, { body })
    const pull = { number: open.number, url: open.url, head: moved.head }
    const whose = moved.foreign ? ' Somebody pushed to its branch, which is left as it is.' : ''
    if (open.body === body && !moved.changed)
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

/** Closes a model's retrain pull request, saying why; one to which somebody pushed is theirs, and only told. */
export async function withdraw(
  github: GitHub,
  { model, comment }: { model: string; comment: string },
): Promise<Outcome> {
  const branch = retrainBranch(model)
  const [open] = (await listBranchPullRequests(github, branch)).filter(({ state }) => state === 'open')
  if (!open) return { outcome: 'none', said: 'There is no retrain pull request, and none is needed.', own: false }
  const foreign = readTrailers((await readCommit(github, open.head)).message)[MARK] !== model
  const pull = { number: open.number, url: open.url, head: open.head }
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
  // Should the same drift come back, it is a new one: nobody closed this for good.
  const body = open.body.replace(new RegExp(`^${PREFIX}${model}:\\w+ -->`), `${PREFIX}${model}:cleared -->`)
  await updatePullRequest(github, open.number, { state: 'closed', body })
  return { outcome: 'closed', pull, said: `Closed pull request #${open.number}: the drift has cleared.`, own: true }
}

function marker({ model, fingerprint }: Proposal): string {
  return `${PREFIX}${model}:${fingerprint} -->`
}

/** Brings the branch to the proposal on top of today's base, unless its newest commit is somebody else's. */
async function bringUp(
  github: GitHub,
  branch: string,
  { model, base, changes, title, trailers, identity }: Proposal,
): Promise<{ head: string; foreign: boolean; changed: boolean } | 'lost'> {
  const ref = `refs/heads/${branch}`
  const tip = await readRef(github, ref)
  const onto = await readRef(github, `refs/heads/${base}`)
  if (!onto) throw new RefusedError(`The branch ${base} does not exist any more: say in the workflow which one to use.`)
  const below = await readCommit(github, onto.sha)
  const tree = changes.length === 0 ? below.tree : await createTree(github, { base: below.tree, changes })
  const said: Trailers = { [MARK]: model, [BASE]: onto.sha, ...trailers }
  let parents = [onto.sha]
  if (tip) {
    const held = await readCommit(github, tip.sha)
    const found = readTrailers(held.message)
    const isBase = tip.sha === onto.sha
    if (!isBase && found[MARK] !== model) return { head: tip.sha, foreign: true, changed: false }
    const isSame = held.tree === tree && identity.every((key) => found[key] === said[key])
    if (!isBase && isSame) return { head: tip.sha, foreign: false, changed: false }
    parents = isBase || found[BASE] === onto.sha ? [tip.sha] : [tip.sha, onto.sha]
  }
  const lines = Object.entries(said).map(([key, value]) => `${key}: ${value}`)
  const to = await createCommit(github, { message: `${title}\n\n${lines.join('\n')}\n`, tree, parents })
  const outcome = await advanceRef(github, { ref, from: tip?.sha ?? null, to })
  return outcome === 'lost' ? 'lost' : { head: to, foreign: false, changed: true }
}
