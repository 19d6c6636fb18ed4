import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, findAnnotation, register } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const run = promisify(execFile)
const DVC = process.env.MODELYARD_DVC ?? 'dvc'
const isThere = spawnSync(DVC, ['--version']).status === 0
if (!isThere) console.log(`The test with dvc is skipped: ${DVC} does not run. Say where it is with MODELYARD_DVC.`)

describe.skipIf(!isThere)('dvc artifacts get', () => {
  let server: Server
  let folder: string
  beforeAll(async () => {
    server = await openServer()
    folder = await mkdtemp(join(tmpdir(), 'modelyard-dvc-'))
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('brings the bytes of the version that we deployed, from the DVC remote', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const clone = await cloneWithDvc(repository)
    for (const [index, bytes] of ['one', 'two'].entries()) {
      const source = await trackAndPush(clone, repository, bytes)
      const open = { champion: null, today: () => null }
      await register(github, candidate(bytes, { ...repository, source, expect: open, data: `${index}` }))
    }
    const common = { model: 'flight-delay', actor: 'ada', reason: 'It is better.' }
    await assign(github, { ...common, stage: 'production', version: 'v1.0.0', expect: { current: null } })

    const get = (...which: string[]) =>
      run(DVC, ['artifacts', 'get', repository.cloneUrl, 'flight-delay', ...which, '--force', '-o', 'got'], {
        cwd: folder,
        env: { ...process.env, DVC_NO_ANALYTICS: '1' },
      })
    await get('--stage', 'production')
    expect(await readFile(join(folder, 'got'), 'utf8')).toBe('one')
    await get('--rev', 'v1.1.0')
    expect(await readFile(join(folder, 'got'), 'utf8')).toBe('two')
    await assign(github, { ...common, stage: 'production', version: 'v1.1.0', expect: { current: 'v1.0.0' } })
    await get('--stage', 'production')
    expect(await readFile(join(folder, 'got'), 'utf8')).toBe('two')

    const read = (path: string) => repository.git('show', `flight-delay@v1.0.0:${path}`).catch(() => null)
    expect(await findAnnotation('flight-delay', read)).toMatchObject({ type: 'model', path: 'models/model.onnx' })
  })

  async function cloneWithDvc({ cloneUrl }: Repository): Promise<string> {
    const clone = join(folder, 'clone')
    await run('git', ['clone', '-q', cloneUrl, clone])
    await mkdir(join(clone, 'models'))
    await run(DVC, ['init', '-q'], { cwd: clone })
    await run(DVC, ['remote', 'add', '-q', '-d', 'store', join(folder, 'remote')], { cwd: clone })
    const artifacts = 'artifacts:\n  flight-delay:\n    path: models/model.onnx\n    type: model\n    desc: Late?\n'
    await writeFile(join(clone, 'dvc.yaml'), artifacts)
    return clone
  }

  /** Commits new bytes of the model with DVC; answers with the commit to register. */
  async function trackAndPush(clone: string, { cloneUrl }: Repository, bytes: string): Promise<Repository['source']> {
    const git = async (...args: string[]) => (await run('git', args, { cwd: clone })).stdout.trim()
    await writeFile(join(clone, 'models/model.onnx'), bytes)
    await run(DVC, ['add', '-q', 'models/model.onnx'], { cwd: clone })
    await run(DVC, ['push', '-q'], { cwd: clone })
    await git('add', '.')
    await git('-c', 'user.name=ada', '-c', 'user.email=ada@example.com', 'commit', '-q', '-m', bytes)
    const { token } = await server.local.createUser('ada')
    await git('push', '-q', cloneUrl.replace('://', `://ada:${token}@`), 'main')
    return { commit: await git('rev-parse', 'HEAD'), tree: await git('rev-parse', 'HEAD^{tree}') }
  }
})
