import { type GitHub, GitHubError, loadRelease, readRef, timeOf } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { listTags, loadFacts, newestTag, readTags } from '../tags/list.ts'
import { deriveState, type State } from '../tags/state.ts'
import { finish } from './finish.ts'
import { type LogTip, logRef, readLogTip } from './log.ts'

/** What a decision stands on: it holds as long as the log still ends with `tip`. */
export interface Snapshot {
  tip: LogTip | null
  state: State
  /** Every tag that begins as the model's do, whatever it is. */
  names: string[]
}

const ATTEMPTS = 5

/**
 * Decides on what is there now, and again whenever another event came first. An entry that its writer left unfinished
 * is finished before anything is decided: so only the newest can be unfinished, ever. What `readBesides` reads is read
 * together with the state.
 */
export async function decide<T, A = undefined>(
  github: GitHub,
  model: string,
  attempt: (snapshot: Snapshot, besides: A) => Promise<T | 'lost'>,
  readBesides: () => Promise<A> = async () => undefined as A,
): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const { snapshot, besides } = await readSnapshot(github, model, readBesides)
    try {
      const outcome = await attempt(snapshot, besides)
      if (outcome !== 'lost') return outcome
    } catch (error) {
      // What was refused because another one took its ground away is decided again.
      if (!(error instanceof GitHubError) || (await isNewest(github, model, snapshot))) throw error
    }
  }
  throw new RefusedError(
    `Others kept changing ${model} at the same time: none of ${ATTEMPTS} attempts took effect. Run it again.`,
  )
}

async function isNewest(github: GitHub, model: string, { tip }: Snapshot): Promise<boolean> {
  return ((await readRef(github, logRef(model, github)))?.sha ?? null) === (tip?.sha ?? null)
}

/**
 * Throws a `GitHubError` where another event came after a decision was begun: then it is decided again. What a newer
 * decision did is seen only after the log has moved; so who looks, asks this and changes what was seen, changes nothing
 * of that.
 */
export async function refuseStale(github: GitHub, model: string, snapshot: Snapshot): Promise<void> {
  if (await isNewest(github, model, snapshot)) return
  throw new GitHubError(`Another event of ${model} came first. Run it again.`, { status: 0 })
}

/** Finishes what a killed run left of the model's newest event, whoever's it was. */
export async function settle(github: GitHub, model: string): Promise<void> {
  await readSnapshot(github, model, async () => {})
}

/**
 * Reads what a decision stands on, after finishing the newest entry, and whatever is wanted besides. The log is read
 * after the tags were listed: where the tag of its newest entry is among them, those of all entries before are, because
 * nobody adds an entry before the last one's tag is made. Where it is not, they are listed again once it is there.
 */
async function readSnapshot<A>(
  github: GitHub,
  model: string,
  readBesides: () => Promise<A>,
): Promise<{ snapshot: Snapshot; besides: A }> {
  const tags = await listTags(github, model)
  const newest = newestTag(tags)
  const [tip, facts, release, besides] = await Promise.all([
    readLogTip(github, model),
    loadFacts(github, model, tags),
    newest ? loadRelease(github, newest.name).catch(() => null) : null,
    readBesides(),
  ])
  if (tip) await finish(github, tip.event, { facts, release })
  const isListed = tip === null || tags.some(({ name }) => name === tip.event.tag.name)
  const known = isListed ? facts : await readTags(github, model)
  const snapshot = { tip, state: deriveState(model, known), names: known.map(({ name }) => name) }
  return { snapshot, besides }
}

/**
 * The time of a model's next tag: now, and later than all before it, in whole seconds as git keeps them. Throws a
 * `UserError` where nothing can be later.
 */
export function nextTime({ tip, state }: Pick<Snapshot, 'tip' | 'state'>, now: Date = new Date()): string {
  // An entry whose tag another tool was quicker to make has a time, too.
  const before = [state.last, tip && { tag: tip.event.tag.name, time: tip.event.time }].filter((each) => each !== null)
  const latest = before.reduce<number>((most, { time }) => Math.max(most, secondsOf(time)), -1)
  const time = timeOf(Math.max(Math.floor(now.getTime() / 1000), latest + 1) * 1000)
  if (time !== null) return time
  const { tag } = before.find(({ time }) => secondsOf(time) === latest)!
  throw new UserError(
    `The tag ${tag} is dated at the end of the year 9999, and the next event of ${state.model} has to be later: nothing was written. Delete that tag, and make its event again with Modelyard.`,
  )
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}
