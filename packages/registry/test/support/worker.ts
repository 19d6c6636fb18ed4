/**
 * A process of its own that works on a registry over HTTP, as a job does: one line of JSON in for each piece of work,
 * one line out for what came of it. Before every write it waits for a while.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type GitHub } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { assign, deprecate, quarantine, readState, register, type State, unassign } from '../../src/index.ts'
import { candidate, inProduction } from './candidate.ts'
import { type Random, randomFrom } from './random.ts'
import type { Done, Task } from './workers.ts'

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await attempt(JSON.parse(line)))}\n`)
}

async function attempt(task: Task): Promise<Done> {
  try {
    return await work(task)
  } catch (error) {
    if (error instanceof UserError || error instanceof RefusedError) return { refused: error.message }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Looks at the registry as a person or a plan does, chooses, and asks for it: what it saw may be gone by then. */
async function work({ seed, what, model, reason, source, delay, ...where }: Task): Promise<Done> {
  const random = randomFrom(seed)
  const github = connect({ ...where, fetch: slow(random, delay) })
  const state = await readState(github, model)
  const by = { model, actor: 'ada', reason }
  if (what.kind === 'register') {
    const champion = inProduction(state)
    const expect = { champion, today: inProduction }
    const { tag, found } = await register(github, candidate(what.content, { model, source, data: what.data, expect }))
    return { tags: [tag], found }
  }
  if (what.kind === 'rollback') return rollBack(github, state, what.stage, by)
  const held = 'stage' in what ? (state.stages[what.stage]?.current ?? null) : null
  const version = random.pick(state.versions.filter((each) => each.version !== held))?.version ?? 'v1.0.0'
  if (what.kind === 'assign') {
    const { tag, found } = await assign(github, { ...by, stage: what.stage, version, expect: { current: held } })
    return { tags: [tag], found }
  }
  if (what.kind === 'unassign') {
    const { tag, found } = await unassign(github, { ...by, stage: what.stage, version: held ?? version })
    return { tags: [tag], found }
  }
  if (what.kind === 'lift') {
    const { tag, found } = await quarantine(github, {
      ...by,
      version: state.quarantined.at(-1)?.version ?? version,
      lift: true,
    })
    return { tags: tag === null ? [] : [tag], found }
  }
  const { tag, found } = await deprecate(github, { ...by, version })
  return { tags: [tag], found }
}

/** As the action rollback does it: the bad version goes into quarantine, then the stage goes back. */
async function rollBack(
  github: GitHub,
  { stages, quarantined }: State,
  stage: string,
  by: { model: string; actor: string; reason: string },
): Promise<Done> {
  const { current = null, history = [] } = stages[stage] ?? {}
  const goal = history.findLast(
    ({ kind, version }) =>
      kind === 'assignment' && version !== current && quarantined.every((entry) => entry.version !== version),
  )
  if (!current || !goal) return { tags: [], found: true }
  const kept = await quarantine(github, { ...by, version: current })
  const moved = await assign(github, { ...by, stage, version: goal.version, expect: { current } })
  return {
    tags: [...(kept.found ? [] : [kept.tag!]), ...(moved.found ? [] : [moved.tag])],
    found: kept.found && moved.found,
  }
}

function slow(random: Random, delay: number): typeof fetch {
  return async (input, init) => {
    const isRead = (init?.method ?? 'GET') === 'GET' || String(input).endsWith('/graphql')
    if (!isRead) await sleep(random.below(delay))
    return fetch(input, init)
  }
}
