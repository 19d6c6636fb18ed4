import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { at, deleteAsset, findRelease, listAssets } from '@modelyard/github'
import { assign, register } from '@modelyard/registry'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { candidate } from '../../registry/test/support/candidate.ts'
import { openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { openContext } from '../src/context.ts'
import { withTrust } from '../src/trust.ts'
import { runWith } from './run.ts'

const exec = promisify(execFile)

vi.setConfig({ testTimeout: 30_000 })

let server: Server
let repository: Repository
let clone: string
let env: Record<string, string>
beforeAll(async () => {
  server = await openServer()
  repository = await server.repository()
  const github = repository.connect()
  const { source } = repository
  await register(github, candidate('one', { model: 'm', source }))
  const expected = { champion: null, today: () => null }
  await register(github, candidate('two', { model: 'm', source, data: 'more', expect: expected }))
  await assign(github, {
    ...{ model: 'm', stage: 'production', version: 'v1.1.0', reason: 'Better.', actor: 'ada' },
    expect: { current: null },
  })
  const { token } = (await github.octokit.auth()) as { token: string }
  clone = join(server.folder, 'clone')
  await exec('git', ['clone', '--quiet', repository.cloneUrl.replace('//', `//ada:${token}@`), clone])
  env = { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository.name, GITHUB_API_URL: server.local.apiUrl }
}, 60_000)
afterAll(() => server.close())

const run = (...args: string[]) => runWith(clone, args, { ...env, XDG_CACHE_HOME: join(server.folder, 'cache') })
const git = (...args: string[]) => exec('git', ['-C', clone, '-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...args])

describe('who may speak for the repository', () => {
  it.each([
    [['register'], 'A GitHub token is needed to register a version, and there is none.'],
    [['deploy', '--stage', 'staging'], 'A GitHub token is needed to deploy to staging, and there is none.'],
    [['rollback'], 'A GitHub token is needed to roll a stage back, and there is none.'],
  ])('is nobody without a token: %j', async (args, sentence) => {
    const { code, err } = await runWith(clone, args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  it('is the owner of the token at the head of the default branch, by name', async () => {
    const terminal = { stdout: { write: () => {} }, stderr: { write: () => {} }, env, cwd: () => clone }
    const { run } = await withTrust(await openContext(terminal), 'register a version')
    expect(run).toMatchObject({ trusted: true, actor: 'ada' })
    const inWorkflow = { ...terminal, env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'rita' } }
    expect((await withTrust(await openContext(inWorkflow), 'register a version')).run.actor).toBe('rita')
  })

  it('is nobody elsewhere, and it is said which commit is where', async () => {
    await writeFile(join(clone, 'train.py'), 'print("other")\n')
    expect((await run('register')).err).toContain('and files were changed since (git status). Commit and push them')
    await git('commit', '--quiet', '--all', '--message', 'Other')
    const here = (await git('rev-parse', 'HEAD')).stdout.slice(0, 12)
    expect(await run('register')).toEqual({
      code: 2,
      out: '',
      err: `To register a version, the head of main of ${repository.name} must be checked out: that is ${repository.source.commit.slice(0, 12)}, and here is ${here}. Push or pull first.\n`,
    })
    await git('reset', '--quiet', '--hard', 'HEAD^')
  })
})

describe('what is said of GitHub and the clone', () => {
  const show = (more: Record<string, string>, folder = clone) =>
    runWith(folder, ['registry', 'show'], { ...env, ...more })

  it('names the variable that is missing or wrong', async () => {
    const nowhere = await runWith(
      server.folder,
      ['quarantine', '--name', 'm', '--version', 'v1.0.0', '--reason', 'No.'],
      {
        ...env,
        GITHUB_REPOSITORY: '',
      },
    )
    expect(nowhere).toMatchObject({ code: 2 })
    expect(nowhere.err).toContain('GITHUB_REPOSITORY is not set, and this folder has no remote "origin"')
    expect(await show({ GITHUB_REPOSITORY: 'nope' })).toMatchObject({
      code: 2,
      err: 'GITHUB_REPOSITORY is "nope"; it must be owner/name.\n',
    })
    expect((await show({ GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' }, server.folder)).err).toContain(
      'is no clone in which the registry could be read. Set GITHUB_TOKEN to ask GitHub.',
    )
  })

  it.each([
    ['a token that GitHub does not accept', { GITHUB_TOKEN: 'wrong' }, 'GitHub does not accept the token: give one'],
    [
      'a repository that is not there',
      { GITHUB_REPOSITORY: 'ada/nowhere' },
      'The repository is not there, or the token',
    ],
    ['a server that is not there', { GITHUB_API_URL: 'http://127.0.0.1:1' }, 'could not be reached'],
  ])('has a mend for each: %s', async (_, more, sentence) => {
    const { code, err } = await show(more)
    expect(code).toBe(4)
    expect(err).toContain(sentence)
  })

  it('has the doctor say what a clone cannot tell', async () => {
    expect((await run('registry', 'doctor', '--offline')).err).toBe(
      'Read from this clone, as it was at its last git fetch --tags. It cannot tell which tags it lacks, nor what the logs say.\n',
    )
    await git('tag', '--delete', 'm@v1.1.0')
    const { out } = await run('registry', 'doctor')
    expect(out).toContain('This clone lacks 1 of the 3 tags of models')
    expect(out).toContain('git fetch --tags --force origin brings them.')
    await git('fetch', '--quiet', '--tags', '--force', 'origin')
    expect((await run('registry', 'doctor')).out).toBe('There is no trap in the registry.\n')
    expect((await git('rev-parse', '--is-shallow-repository')).stdout).toBe('false\n')
  })
})

describe('what is not there', () => {
  it.each([
    [['registry', 'trained-on', 'data/nope.csv'], 'There is no file data/nope.csv in '],
    [['registry', 'trained-on', '.'], '. is a folder, and the registry knows data by their files.'],
    [['registry', 'check-ref', 'm#prodution#1'], 'The newest of m are m@v1.1.0, m#production#1;'],
    [['registry', 'check-ref', 'n@v1.0.0'], 'There is no model "n" in the registry'],
    [['history', '--name', 'n'], 'There is no model "n" in the registry'],
    [['history', '--name', 'm', '--stage', 'prod'], 'Nothing was ever in prod of m. Its stages are: production.'],
    [
      ['fetch', '--name', 'm', '--version', 'prodution'],
      'has no version or stage "prodution". Did you mean production?',
    ],
    [['fetch', '--name', 'm', '--version', 'lastest'], 'Did you mean latest?'],
    [['fetch', '--name', 'n'], 'There is no model "n" in the registry'],
    [['fetch', '--name', 'm', '--version'], 'The option --version has no value.'],
    [
      ['registry', 'deprecate', '--name', 'm', '--version', 'v1.0.0', '--stage', 'prod', '--reason', 'No.'],
      'Nothing was ever in prod of m. Its stages are: production.',
    ],
  ])('is named, with what there is: %j', async (args, sentence) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(sentence)
  })

  it.each(['/proc/modelyard', '/dev/null/model', 'train.py/model', 'train.py'])(
    'is a folder where none can be made, and nobody waits for it: %s',
    async (path) => {
      const { code, err } = await run('fetch', '--name', 'm', '--path', path)
      expect(code).toBe(2)
      expect(err).toContain(`The option path is ${JSON.stringify(path)}, and no folder can be made or written there`)
    },
  )

  it('is said of an empty registry in a sentence', async () => {
    const { name } = await server.repository()
    for (const verb of ['show', 'history']) {
      const { code, out } = await runWith(clone, ['registry', verb], { ...env, GITHUB_REPOSITORY: name })
      expect({ code, out }).toEqual({
        code: 0,
        out: 'The registry is empty: no tag tells of a model. The first version begins it (register).\n',
      })
    }
  })
})

describe('fetching', () => {
  it('tells a fork from a release that lost its file', async () => {
    const bob = await server.connectAs('bob', repository)
    const { data: fork } = await bob.octokit.rest.repos.createFork(at(bob))
    const { token } = (await bob.octokit.auth()) as { token: string }
    const inFork = await runWith(clone, ['fetch', '--name', 'm', '--path', join(server.folder, 'fork')], {
      ...env,
      ...{ GITHUB_TOKEN: token, GITHUB_REPOSITORY: fork.full_name, XDG_CACHE_HOME: join(server.folder, 'none') },
    })
    expect(inFork.code).toBe(2)
    expect(inFork.err).toContain(`${fork.full_name} is a fork: it has the tags of what it was made from`)
    expect(inFork.err).toContain('Set GITHUB_REPOSITORY to ')
    // Its first event begins a log of its own, which knows nothing of the original's.
    const bobs = { ...env, GITHUB_TOKEN: token, GITHUB_REPOSITORY: fork.full_name }
    const because = ['--name', 'm', '--version', 'v1.0.0', '--reason', 'No.']
    expect((await runWith(clone, ['quarantine', ...because], bobs)).code).toBe(0)
    const { out } = await runWith(clone, ['registry', 'doctor'], bobs)
    expect(out).toContain('This repository is a fork, into which GitHub copies tags and no logs')

    const github = repository.connect()
    const release = (await findRelease(github, 'm@v1.0.0'))!
    const [model] = (await listAssets(github, release.id)).filter(({ name }) => name === 'model.onnx')
    await deleteAsset(github, model!.id)
    const lost = await run('fetch', '--name', 'm', '--version', 'v1.0.0', '--path', join(server.folder, 'lost'))
    expect(lost.code).toBe(4)
    expect(lost.err).toContain("Put it back from a copy (`gh release upload 'm@v1.0.0' model.onnx`)")
  })

  it('says what works where a version tag was moved, and that does', async () => {
    const [was, other] = [await repository.git('rev-parse', 'm@v1.0.0'), await repository.git('rev-parse', 'm@v1.1.0')]
    await repository.git('update-ref', 'refs/tags/m@v1.0.0', other)
    const { code, err } = await run('fetch', '--name', 'm', '--version', 'v1.0.0')
    expect(code).toBe(2)
    expect(err).toContain("If the tag was moved, delete it (git push origin ':refs/tags/m@v1.0.0')")
    const found = JSON.parse((await run('registry', 'doctor', '--json')).out) as Array<{ kind: string; mend: string }>
    expect(found.filter(({ kind }) => kind === 'moved version')).toEqual([])
    expect(found.find(({ kind }) => kind === 'another tag')!.mend).toContain("git push origin ':refs/tags/m@v1.0.0'")
    expect((await run('registry', 'doctor', '--mend')).err).toContain('Nothing of it is mended by a new event')
    await repository.git('update-ref', '-d', 'refs/tags/m@v1.0.0')
    await run('registry', 'doctor', '--mend')
    expect(await repository.git('rev-parse', 'm@v1.0.0')).toBe(was)
  })

  it('fetches what is in quarantine or deprecated, and says so', async () => {
    const reason = 'It answers\u001b[31m in Celsius.'
    const kept = await run('quarantine', '--name', 'm', '--version', 'v1.1.0', '--reason', reason)
    expect(kept.out).toBe(
      'm v1.1.0 is in quarantine (m#quarantine#1).\nproduction goes on serving it: modelyard rollback --model m --stage production brings back the one before.\n',
    )
    const log = await repository.git('log', '-1', '--format=%B', 'refs/modelyard/m')
    expect(log).toContain('It answers in Celsius.')
    const fetched = await run('fetch', '--name', 'm', '--version', 'production', '--path', join(server.folder, 'kept'))
    expect(fetched.code).toBe(0)
    const sentence =
      /m v1\.1\.0 is in quarantine since [-\d]+, by ada \(«It answers in Celsius\.»\): nothing deploys it/
    expect(fetched.err).toMatch(sentence)
    expect(fetched.out).toMatch(sentence)

    const because = ['--reason', 'No use.', '--json']
    await run('registry', 'deprecate', '--name', 'm', '--version', 'v1.1.0', '--stage', 'production', ...because)
    const ended = await run('registry', 'deprecate', '--name', 'm', ...because)
    expect(JSON.parse(ended.out)).toMatchObject({ model: 'm', version: null, tag: 'm@deprecated', found: false })
    expect((await run('registry', 'versions', '--name', 'm')).out).toMatch(/v1\.0\.0 .* deprecated/)
  })

  it('reads the history of stages in a clone too, as text and as JSON', async () => {
    const { code, out, err } = await run('history', '--name', 'm', '--offline', '--json')
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('Read from this clone') })
    expect(JSON.parse(out)).toMatchObject([{ stage: 'production', tenures: [{ version: 'v1.1.0', until: null }] }])
  })
})
