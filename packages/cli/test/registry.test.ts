import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { assign, deriveState, quarantine, readTags, register } from '@modelyard/registry'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { candidate } from '../../registry/test/support/candidate.ts'
import { openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { moment } from '../src/registry/moment.ts'
import { runWith } from './run.ts'

const exec = promisify(execFile)
const GUIDE = join(import.meta.dirname, '../../../docs/registry.md')

vi.setConfig({ testTimeout: 30_000 })

let server: Server
let repository: Repository
let clone: string
let env: Record<string, string>

/** On a day of 2026, so that what the guide shows stays what it is. */
function on(time: string): void {
  vi.setSystemTime(new Date(`2026-${time}Z`))
}

async function registerOn(time: string, model: string, content: string, data: string): Promise<string> {
  on(time)
  const github = repository.connect()
  const today = (state: ReturnType<typeof deriveState>) => state.stages.production?.current ?? null
  const champion = today(deriveState(model, await readTags(github, model)))
  const given = candidate(content, { model, source: repository.source, data, expect: { champion, today } })
  return (await register(github, given)).version
}

async function putOn(time: string, model: string, version: string, stage: string, reason: string): Promise<void> {
  on(time)
  const github = repository.connect()
  const current = deriveState(model, await readTags(github, model)).stages[stage]?.current ?? null
  await assign(github, { model, stage, version, reason, actor: 'rita', expect: { current } })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  server = await openServer()
  repository = await server.repository()
  await registerOn('03-02T09:00', 'flight-delay', 'one', 'January and February')
  await putOn('03-02T09:20', 'flight-delay', 'v1.0.0', 'staging', 'The first one.')
  await putOn('03-03T10:00', 'flight-delay', 'v1.0.0', 'production', 'A week in staging.')
  await registerOn('03-09T14:00', 'churn', 'another', 'customers')
  await putOn('03-09T14:30', 'churn', 'v1.0.0', 'staging', 'To see how it does.')
  await registerOn('04-02T09:00', 'flight-delay', 'two', 'January to March')
  await putOn('04-02T09:20', 'flight-delay', 'v1.1.0', 'staging', 'Retrained.')
  await putOn('04-03T10:00', 'flight-delay', 'v1.1.0', 'production', 'AUC +0.8 points.')
  on('04-05T07:40')
  await quarantine(repository.connect(), {
    model: 'flight-delay',
    version: 'v1.1.0',
    reason: 'It answers in Celsius.',
    actor: 'rita',
  })
  await putOn('04-05T07:41', 'flight-delay', 'v1.0.0', 'production', 'Rolled back.')
  on('05-01T00:00')
  clone = join(server.folder, 'clone')
  await exec('git', ['clone', '--quiet', repository.cloneUrl.replace('//', `//ada:${await tokenOf()}@`), clone])
  env = { GITHUB_TOKEN: await tokenOf(), GITHUB_REPOSITORY: repository.name, GITHUB_API_URL: server.local.apiUrl }
}, 60_000)
afterAll(async () => {
  vi.useRealTimers()
  await server.close()
})

async function tokenOf(): Promise<string> {
  return ((await repository.connect().octokit.auth()) as { token: string }).token
}

const run = (...args: string[]) => runWith(clone, args, env)

/** Commits have the times of their making in them. */
const steady = (text: string) => text.replace(/\b[0-9a-f]{40}\b/g, '4f1c2aa0b3d95e86c7a1f20d4b8e6935c0d7a1e2')

describe('modelyard registry', () => {
  it('prints what the guide shows', async () => {
    const guide = await readFile(GUIDE, 'utf8')
    const blocks = [...guide.matchAll(/```console\n\$ modelyard (.*)\n[\s\S]*?```/g)]
    expect(blocks.length).toBeGreaterThan(7)
    let written = guide
    for (const [block, command] of blocks) {
      const { code, out, err } = await run(...words(command!))
      expect({ command, code, err }).toEqual({ command, code: 0, err: '' })
      written = written.replace(block, `\`\`\`console\n$ modelyard ${command}\n${steady(out).trimEnd()}\n\`\`\``)
    }
    await expect(written).toMatchFileSnapshot(GUIDE)
  })

  it('reads the clone where there is no token, says so, and says the same', async () => {
    const { code, out, err } = await runWith(clone, ['registry', 'show'])
    expect({ code, out }).toEqual({ code: 0, out: (await run('registry', 'show')).out })
    expect(err).toBe('Read from this clone, as it was at its last git fetch --tags. Set GITHUB_TOKEN to ask GitHub.\n')
    const offline = await run('registry', 'show', '--offline')
    expect(offline).toEqual({ code: 0, out, err: 'Read from this clone, as it was at its last git fetch --tags.\n' })
  })

  it.each([
    ['show'],
    ['at', '2026-04-04'],
    ['versions', '--name', 'churn'],
    ['history'],
    ['trained-on', '4d7d34ed3b86'],
    ['diff', '--name', 'flight-delay', '--from', 'staging', '--to', 'latest'],
    ['check-ref', 'refs/tags/churn@v1.0.0'],
  ])('prints JSON alone with --json: %s', async (...args) => {
    const { code, out, err } = await runWith(clone, ['registry', ...args, '--json'], env)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.stringify(JSON.parse(out), null, 2)).toBe(out.trimEnd())
  })

  it('takes a file for its digest', async () => {
    await writeFile(join(clone, 'data.csv'), 'a,b\n')
    const { out } = await run('registry', 'trained-on', 'data.csv')
    expect(out).toBe('No version was made with data 5be08c9684a1\n')
  })

  it('empties a stage and deprecates, with a reason, and says when it was so already', async () => {
    const churn = (...args: string[]) => run('registry', 'deprecate', '--name', 'churn', '--reason', 'No use.', ...args)
    expect((await churn('--version', 'v1.0.0')).err).toContain(
      'staging of churn holds v1.0.0, so it cannot be deprecated',
    )
    expect((await churn('--stage', 'staging')).err).toContain(
      'The option --version is missing: say what staging of churn',
    )
    const emptied = await churn('--version', 'v1.0.0', '--stage', 'staging')
    expect(emptied.out).toBe('staging of churn holds nothing (churn#staging!#2).\n')
    expect((await churn()).out).toBe('churn is deprecated (churn@deprecated).\n')
    expect((await churn()).out).toBe('churn is deprecated already: nothing was written (churn@deprecated).\n')
    expect((await run('registry', 'show')).out).toContain('churn (deprecated)')
  })

  it.each([
    [['registry', 'shw'], 'There is no verb "registry shw". There are: registry show, registry at,'],
    [['registry', 'history-all'], 'Did you mean registry history?'],
    [['registry', 'show', '--name', 'chrun'], 'There is no model "chrun" in the registry'],
    [['registry', 'at', 'yesterday'], 'The moment is "yesterday"; it must look like 2026-04-02, 2026-04-02T10:00'],
    [['registry', 'at', '2026-02-31'], 'The moment is "2026-02-31"'],
    [['registry', 'at', '2999-01-01'], 'which has not come'],
    [['registry', 'check-ref', 'v1.0.0'], 'is none of a registry'],
    [['registry', 'diff', '--name', 'churn', '--from', 'prod'], 'churn has no version or stage "prod".'],
  ])('says what is wrong: %j', async (args, sentence) => {
    const { code, out, err } = await runWith(clone, args, env)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(sentence)
  })

  it('finds a trap and mends it with new events alone', async () => {
    await exec('git', ['-C', clone, 'fetch', '--quiet', '--tags'])
    expect(await run('registry', 'doctor')).toMatchObject({ code: 0, out: 'There is no trap in the registry.\n' })
    await repository.git('update-ref', '-d', 'refs/tags/flight-delay#staging#1')
    const found = await run('registry', 'doctor')
    expect(found.code).toBe(1)
    expect(found.out).toContain('flight-delay#staging#1')
    const [trap] = JSON.parse((await run('registry', 'doctor', '--json')).out) as Array<{ kind: string }>
    expect(trap).toMatchObject({ kind: 'event without tag' })
    const mended = await run('registry', 'doctor', '--mend')
    expect(mended).toEqual({
      ...{ code: 0, out: 'There is no trap in the registry.\n', err: 'flight-delay#staging#1 is there again.\n' },
    })
  })

  it('lists its verbs', async () => {
    expect((await run('registry', '--help')).out).toContain('  registry show ')
    expect(await run('registry')).toMatchObject({ code: 2 })
    expect((await run('registry', 'at', '--help')).out).toContain('<moment>')
  })
})

describe('a moment', () => {
  it.each([
    ['2026-04-02', '2026-04-02T00:00:00.000Z'],
    ['2026-04-02 10:00', '2026-04-02T10:00:00.000Z'],
    ['2026-04-02T10:00:30Z', '2026-04-02T10:00:30.000Z'],
    ['2026-04-02T10:00+02:00', '2026-04-02T08:00:00.000Z'],
  ])('is read in UTC unless it has a zone: %s', (written, time) => {
    expect(moment(written)).toBe(time)
  })

  it.each(['', '2026', '2026-13-01', '2026-02-30', '2026-04-02T25:00', '10:00', '2026-04-02T10:00+99:00'])(
    'is not %j',
    (written) => {
      expect(() => moment(written)).toThrow(`The moment is ${JSON.stringify(written)}`)
    },
  )
})

/** As a shell would read them: none of the guide's commands has more than quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  )
}
