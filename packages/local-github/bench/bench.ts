/**
 * How quickly the server starts and answers where there is much: a repository with 10,000 tags, a pull request that is
 * asked for its comments a thousand times. The peer is what is promised, in seconds.
 *
 * npm run bench -w packages/local-github -- [--json] [--check]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalGitHub } from '../src/index.ts'
import { ask, makeTags, openPull } from './world.ts'

const TAGS = 10_000
const REQUESTS = 1000
const COMMENTS = 30

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

const root = mkdtempSync(join(tmpdir(), 'local-github-bench-'))
const results = [result('start of a process that serves', 0.3, median(Array.from({ length: 5 }, start)))]
const github = await startLocalGitHub({ root, contract: false })
try {
  const { token } = await github.createUser('ann')
  const { gitDir } = await github.createRepository('acme/model', { owner: 'ann' })
  const get = (path: string) => ask(github.apiUrl, token, 'GET', path)
  makeTags(gitDir, TAGS)
  for (const path of ['tags?per_page=100', 'tags?per_page=100&page=100', 'git/matching-refs/tags/']) {
    results.push(result(`GET ${path}, ${TAGS} tags`, 0.2, median(await measure(5, () => get(path)))))
  }
  const pull = await openPull(github.apiUrl, token, gitDir, COMMENTS)
  const path = `issues/${pull}/comments`
  const seconds = await measure(1, async () => {
    for (let index = 0; index < REQUESTS; index++) await get(path)
  })
  results.push(result(`GET ${path}, ${REQUESTS} times, ${COMMENTS} comments`, 5, seconds[0]!))
} finally {
  await github.close()
  rmSync(root, { recursive: true, force: true })
}
if (flags.json) for (const each of results) console.log(JSON.stringify(each))
else console.table(results)
if (flags.check && results.some(({ ratio }) => ratio < 1)) process.exitCode = 1

/** Seconds from the start of a process until it serves. */
function start(): number {
  return Number(execFileSync(process.execPath, [join(import.meta.dirname, 'start.ts')], { encoding: 'utf8' }))
}

async function measure(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = []
  for (let index = 0; index < times; index++) {
    const begin = performance.now()
    await work()
    seconds.push((performance.now() - begin) / 1000)
  }
  return seconds
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function result(work: string, promised: number, seconds: number) {
  return {
    work,
    ours: Number(seconds.toPrecision(3)),
    peer: promised,
    ratio: Number((promised / seconds).toPrecision(3)),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}
