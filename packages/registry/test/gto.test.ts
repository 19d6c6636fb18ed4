import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, quarantine, readHistory, readState, register } from '../src/index.ts'
import { candidate, inProduction } from './support/candidate.ts'
import { openServer, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const run = promisify(execFile)
const GTO = process.env.MODELYARD_GTO ?? 'gto'
const isThere = spawnSync(GTO, ['--version']).status === 0
if (!isThere) console.log(`The tests with gto are skipped: ${GTO} does not run. Say where it is with MODELYARD_GTO.`)

describe.skipIf(!isThere)('gto reads our registry, and we read gto’s', () => {
  let server: Server
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(() => server.close())

  it('shows the same versions, stages and history', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const common = { model: 'flight-delay', actor: 'ada', reason: 'It is better.' }
    await register(github, candidate('one', repository))
    await assign(github, { ...common, stage: 'staging', version: 'v1.0.0', expect: { current: null } })
    await assign(github, { ...common, stage: 'production', version: 'v1.0.0', expect: { current: null } })
    await register(
      github,
      candidate('two', { ...repository, expect: { champion: 'v1.0.0', today: inProduction }, data: 'more' }),
    )
    await assign(github, { ...common, stage: 'staging', version: 'v1.1.0', expect: { current: 'v1.0.0' } })
    await quarantine(github, { model: 'flight-delay', actor: 'rita', reason: 'It is unwell.', version: 'v1.1.0' })

    const clone = join(server.folder, 'clone')
    await run('git', ['clone', '-q', repository.cloneUrl, clone])
    const gto = async (...args: string[]) => JSON.parse((await run(GTO, [...args, '--json'], { cwd: clone })).stdout)
    expect(await gto('show')).toEqual({
      'flight-delay': {
        version: 'v1.1.0',
        stage: { staging: 'v1.1.0', production: 'v1.0.0', quarantine: 'v1.1.0' },
        registered: true,
        active: true,
      },
    })
    const told = (await gto('history', '--asc')) as Array<{
      event: string
      version: string
      stage?: string
      author: string
    }>
    const ours = await readHistory(github, 'flight-delay')
    expect(
      told.map(({ event, version, author }) => [event, version, author]).filter(([event]) => event !== 'commit'),
    ).toEqual(ours.map(({ kind, version, actor }) => [kind, version, actor]))

    // And the other way round.
    for (const [key, value] of [
      ['user.name', 'bob'],
      ['user.email', 'bob@example.com'],
    ] as const)
      await run('git', ['config', key, value], { cwd: clone })
    const git = { cwd: clone, env: { ...process.env, GIT_COMMITTER_DATE: '2030-01-01T00:00:00+00:00' } }
    await run(GTO, ['assign', 'flight-delay', '--version', 'v1.1.0', '--stage', 'production'], git)
    const { token } = await server.local.createUser('ada')
    await run(
      'git',
      ['push', '-q', repository.cloneUrl.replace('://', `://ada:${token}@`), 'flight-delay#production#3'],
      git,
    )
    expect((await readState(github, 'flight-delay')).stages.production?.current).toBe('v1.1.0')
  })
})
