import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, findRelease, listAssets } from '@modelyard/github'
import { build } from 'rolldown'
import { PART_SIZE } from '../../src/bytes/measure.ts'
import type { Result } from '../result.ts'

/** What a client is told to do. */
export interface Task {
  place: { apiUrl: string; token: string; repository: string }
  work: 'up' | 'down'
  file: string
  folder: string
  source: { commit: string; tree: string }
}

const GIB = 2 ** 30
/** What one process may need, whatever the size of the model. */
const MOST_MB = 150

/**
 * A model of 2 GiB, which GitHub takes in parts only, registered and fetched: measured, compared, verified. The floor is
 * curl for the bare parts, and sha256sum.
 */
export async function benchBytes(log: (line: string) => void): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bytes-bench-'))
  const server = fork(join(import.meta.dirname, 'server.ts'), [join(folder, 'github')])
  try {
    const [{ gitDir, ...place }] = (await once(server, 'message')) as [Task['place'] & { gitDir: string }]
    const source = commitSource(gitDir)
    const file = join(folder, 'model.onnx')
    // As users run it, bundled: Node needs 40 MB for reading TypeScript alone.
    const client = join(folder, 'client.mjs')
    await build({
      input: join(import.meta.dirname, 'client.ts'),
      platform: 'node',
      output: { file: client },
      logLevel: 'warn',
    })
    const task = { place, file, folder: join(folder, 'fetched'), source }
    log('writes 2 GiB')
    sh(`head -c ${2 * GIB} /dev/urandom > ${file}`)
    log('registers them')
    const up = await run(client, { ...task, work: 'up' })
    log('fetches them')
    const down = await run(client, { ...task, work: 'down' })
    sh(`cmp ${file} ${join(folder, 'fetched', 'model.onnx')} && rm -r ${join(folder, 'fetched')}`)
    log('does both with curl')
    const floor = await curl(place, file, folder)
    return [
      { work: 'register a model of 2 GiB; the floor is curl', ...up, peer: floor.up },
      { work: 'fetch a model of 2 GiB; the floor is curl and sha256sum', ...down, peer: floor.down },
    ].map(({ work, seconds, peer, peak_mb }) => ({
      ...{ work, ours: rounded(seconds), peer: rounded(peer), ratio: rounded(peer / seconds), peak_mb },
      met: peak_mb <= MOST_MB,
    }))
  } finally {
    server.send('close')
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  }
}

async function run(client: string, task: Task): Promise<{ seconds: number; peak_mb: number }> {
  const running = fork(client)
  running.send(task)
  const said = once(running, 'message')
  const [code] = await Promise.race([once(running, 'exit'), said.then(() => [0])])
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return (await said)[0]
}

/** Seconds of curl with the parts as bare files; ours stands in the release beside it. */
async function curl(place: Task['place'], file: string, folder: string): Promise<{ up: number; down: number }> {
  const github = connect(place)
  const release = (await findRelease(github, 'flight-delay@v1.0.0'))!
  const parts = join(folder, 'parts')
  mkdirSync(parts)
  sh(`split -b ${PART_SIZE} ${file} ${parts}/curl-`)
  const auth = `-sf -H 'authorization: Bearer ${place.token}'`
  const uploads = release.uploadUrl.replace(/\{.*/, '')
  const up = seconds(() =>
    sh(`cd ${parts}; for part in *; do curl ${auth} -X POST -T $part '${uploads}?name='$part > /dev/null; done`),
  )
  const assets = (await listAssets(github, release.id)).filter(({ name }) => name.startsWith('curl-'))
  const urls = assets.map(({ id }) => `${place.apiUrl}/repos/${place.repository}/releases/assets/${id}`)
  const copy = join(folder, 'copy')
  const accept = `-H 'accept: application/octet-stream'`
  const down = seconds(() => sh(`curl ${auth} ${accept} ${urls.join(' ')} > ${copy} && sha256sum ${copy}`))
  sh(`cmp ${file} ${copy}`)
  return { up, down }
}

function commitSource(gitDir: string): Task['source'] {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: gitDir, encoding: 'utf8' }).trim()
  const tree = execFileSync('git', ['mktree'], { cwd: gitDir, encoding: 'utf8', input: '' }).trim()
  const commit = git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit-tree', '-m', 'Train', tree)
  git('update-ref', 'refs/heads/main', commit)
  return { commit, tree }
}

function sh(command: string): void {
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
}

function seconds(work: () => void): number {
  const started = performance.now()
  work()
  return (performance.now() - started) / 1000
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
