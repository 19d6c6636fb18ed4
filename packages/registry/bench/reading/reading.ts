import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { connect } from '@modelyard/github'
import { build } from 'rolldown'
import { assign, register } from '../../src/index.ts'
import { candidate, inProduction } from '../../test/support/candidate.ts'
import type { Result } from '../result.ts'
import { SIZE, writeModels } from './write-models.ts'

/** What a client is asked: to read GitHub, or a clone. */
export interface Question {
  place: { apiUrl: string; token: string; repository: string }
  clone?: string
}

interface Answer {
  production: Production
  requests: number
  peak_mb: number
}

type Production = Array<[model: string, version: string | null]>

const ROOT = join(import.meta.dirname, '../../../..')
const GTO = process.env.MODELYARD_GTO ?? join(ROOT, '.cache/python-tools/bin/gto')

/** How much faster than gto where both read a clone, with how many requests without one, and how many calls a registration may make. */
const GOALS = { faster: 50, requests: 3, calls: 12 }

/**
 * Who is in production, for all models of a large registry: from GitHub without a clone, and from a clone, against
 * `gto show` on the same clone. Then one more version is registered, and its calls are counted.
 */
export async function benchReading(log: (line: string) => void): Promise<Result[]> {
  if (!existsSync(GTO))
    throw new Error(`There is no gto at ${GTO}: npm test brings it, or MODELYARD_GTO says where one is.`)
  const folder = mkdtempSync(join(tmpdir(), 'reading-bench-'))
  const server = fork(join(import.meta.dirname, '../bytes/server.ts'), [join(folder, 'github')])
  try {
    const [{ gitDir, ...place }] = (await once(server, 'message')) as [Question['place'] & { gitDir: string }]
    log(`writes ${SIZE.models} models × ${SIZE.versions} versions × ${SIZE.stages.length} stages`)
    await writeModels(gitDir)
    const clone = join(folder, 'clone')
    execFileSync('git', ['clone', '--quiet', '--branch', 'main', gitDir, clone])
    log('asks gto')
    const peer = await timed(async () => readGto(clone))
    // As users run it, bundled: reading TypeScript takes Node a while.
    const client = join(folder, 'client.mjs')
    const input = join(import.meta.dirname, 'client.ts')
    await build({ input, platform: 'node', output: { file: client }, logLevel: 'warn' })
    log('asks GitHub')
    const remote = await askOften(client, { place })
    log('asks the clone')
    const local = await askOften(client, { place, clone })
    for (const each of [remote, local])
      if (!isDeepStrictEqual(each.production, peer.result)) throw new Error('gto says that something else is live')
    log('registers a version')
    const one = await registerOne(place, gitDir)
    const tags = SIZE.models * SIZE.versions * (1 + SIZE.stages.length)
    return [
      {
        work: `what production holds, ${SIZE.models} models, ${tags} tags, from GitHub in ${remote.requests} requests; the peer is gto show on a clone`,
        ...compare(remote, peer.seconds),
        met: remote.requests <= GOALS.requests,
      },
      {
        work: 'the same from the clone',
        ...compare(local, peer.seconds),
        met: peer.seconds / local.seconds >= GOALS.faster,
      },
      {
        work: `register one more version, in calls, uploads of its ${one.uploads} files not counted; the peer is the goal`,
        ours: one.calls,
        peer: GOALS.calls,
        ratio: rounded(GOALS.calls / one.calls),
        peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
        met: one.calls <= GOALS.calls,
      },
    ]
  } finally {
    server.send('close')
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  }
}

/** The median of three. */
async function askOften(client: string, question: Question) {
  const asked = []
  for (let time = 0; time < 3; time++) asked.push(await ask(client, question))
  return asked.sort((a, b) => a.seconds - b.seconds)[1]!
}

/** In a process of its own, its start included, as gto's is. */
async function ask(client: string, question: Question) {
  const { seconds, result } = await timed(async () => {
    const child = fork(client)
    child.send(question)
    const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the client ended with ${code}`)))
    const [answer] = (await Promise.race([once(child, 'message'), failed])) as [Answer]
    return answer
  })
  return { seconds, ...result }
}

/** What `gto show` says is in production. */
function readGto(clone: string): Production {
  const shown = execFileSync(GTO, ['show', '--json'], { cwd: clone, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const models = JSON.parse(shown) as Record<string, { stage: Record<string, string | null> }>
  return Object.keys(models)
    .sort()
    .map((model) => [model, models[model]!.stage.production ?? null])
}

/** Registers a next version of the first model, whose log has an entry already. */
async function registerOne(place: Question['place'], gitDir: string): Promise<{ calls: number; uploads: number }> {
  const [model, champion] = ['model-0', 'v1.0.0']
  const expect = { current: `v1.${SIZE.versions - 1}.0` }
  await assign(connect(place), { model, stage: 'production', version: champion, reason: '', actor: 'ada', expect })
  const asked: string[] = []
  const github = connect({
    ...place,
    fetch: (input, init) => {
      asked.push(`${init?.method ?? 'GET'} ${String(input)}`)
      return fetch(input, init)
    },
  })
  const git = (name: string) => execFileSync('git', ['rev-parse', name], { cwd: gitDir, encoding: 'utf8' }).trim()
  const source = { commit: git('main'), tree: git('main^{tree}') }
  await register(github, candidate('one more', { model, source, expect: { champion, today: inProduction } }))
  const uploads = asked.filter((each) => each.includes('/assets?')).length
  return { calls: asked.length - uploads, uploads }
}

function compare({ seconds, peak_mb }: { seconds: number; peak_mb: number }, peer: number) {
  return { ours: rounded(seconds), peer: rounded(peer), ratio: rounded(peer / seconds), peak_mb }
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { seconds: (performance.now() - started) / 1000, result }
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
