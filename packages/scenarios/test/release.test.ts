import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { at, connect, findRelease, type GitHub, listReleases } from '@modelyard/github'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { ROOT } from '@modelyard/tooling'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git, type NpmRegistry, type Run, recordOf, startNpmRegistry, toyModel, writeModel } from '../src/index.ts'

const execute = promisify(execFile)
const OURS = 'modelyard/modelyard'
const THEIRS = 'acme/models'
const MINUTE = 60_000

let folder: string
let local: LocalGitHub
let registry: NpmRegistry
let token: string
/** The bare repository of modelyard/modelyard on the local GitHub. */
let bare: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-rehearsal-'))
  registry = await startNpmRegistry({ upstream: await npmSetting('registry') })
  local = await startLocalGitHub({
    root: join(folder, 'github'),
    ...(process.env.MODELYARD_ACT ? { act: process.env.MODELYARD_ACT } : {}),
    nodeBin: await programs(join(folder, 'bin')),
    env: {
      ...(process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS } : {}),
      npm_config_registry: registry.url,
      npm_config_cache: await npmSetting('cache'),
      npm_config_prefer_offline: 'true',
      RUNNER_TOOL_CACHE: join(ROOT, '.cache/tool-cache'),
    },
  })
  token = (await local.createUser('ada')).token
  bare = (await local.createRepository(OURS, { owner: 'ada' })).gitDir
  // Not through the server, which would run ci.yml on it: these very tests.
  await fill(bare, async (clone, commit) => {
    await copyFile(join(ROOT, 'LICENSE'), join(clone, 'LICENSE'))
    await commit('Choose a licence')
    await copyRepository(clone)
    await commit('Add everything')
  })
}, MINUTE)

afterAll(async () => {
  await local?.close()
  await registry?.close()
  await rm(folder, { recursive: true, force: true })
})

describe('our own release, rehearsed', { timeout: 5 * MINUTE }, () => {
  it('is made in two commits off main, which a tag that stays and one that moves name', async () => {
    expect(await rehearse()).toMatchObject({ conclusion: 'success', log: '' })

    expect(await git(bare, 'cat-file', '-t', 'v1.0.0')).toBe('tag')
    expect(await commitOf('v1')).toBe(await commitOf('v1.0.0'))
    expect(await commitOf('v1~2')).toBe(await commitOf('main'))
  })

  it('holds first the actions alone, then what pins them', async () => {
    const first = await commitOf('v1~1')
    expect(await git(bare, 'ls-tree', '--name-only', first)).toBe('LICENSE\nREADME.md\nactions')
    const pins = (await git(bare, 'grep', '-hoE', 'modelyard/modelyard/actions/.*@.*', 'v1', '--', '*.yml')).split('\n')
    expect(pins.length).toBeGreaterThan(10)
    for (const pin of pins) {
      const [, action, sha] = /^modelyard\/modelyard\/(actions\/[\w-]+)@(\w+) # v1\.0\.0$/.exec(pin) ?? []
      expect(sha, pin).toBe(first)
      const [, main] = /^ +main: (.+)$/m.exec(await git(bare, 'show', `${sha}:${action}/action.yml`)) ?? []
      await git(bare, 'cat-file', '-e', `${sha}:${join(action!, main!)}`)
    }
    await git(bare, 'cat-file', '-e', 'v1:packages/spec/schema/model.json')
  })

  it.each(['v1', 'v1~1'])('is small, because every job of every user downloads it: %s', async (ref) => {
    const { stdout } = await execute('git', ['archive', '--format=tar.gz', ref], {
      cwd: bare,
      encoding: 'buffer',
      maxBuffer: 1 << 28,
    })
    const budget = JSON.parse(await readFile(join(ROOT, 'packages/tooling/budget.json'), 'utf8'))
    expect(stdout.length).toBeLessThanOrEqual(budget.release_tree_gzip_bytes)
  })

  it('has a page that says what changed', async () => {
    const page = await findRelease(github(OURS), 'v1.0.0')
    expect(page?.body).toContain('### New\n\n- Add everything')
    expect(page?.body).toContain(`@${await commitOf('v1~1')} # v1.0.0`)
  })

  it('publishes its packages under the identity of the job, the command with templates that are pinned', async () => {
    const by = { repository: OURS, environment: 'release' }
    expect(registry.publications).toMatchObject([
      { name: 'modelyard', version: '1.0.0', by },
      { name: '@modelyard/local-github', version: '1.0.0', by },
    ])
    const tarball = join(folder, 'modelyard.tgz')
    await writeFile(tarball, registry.publications[0]!.tarball)
    const { stdout } = await execute('tar', ['-xOzf', tarball, 'package/workflows-templates/release.yml'])
    expect(stdout).toContain(`modelyard/modelyard/actions/register@${await commitOf('v1~1')} # v1.0.0`)
  })

  it('changes nothing when it is run again', async () => {
    const refs = await git(bare, 'for-each-ref')
    expect(await rehearse()).toMatchObject({ conclusion: 'success', log: '' })
    expect(await git(bare, 'for-each-ref')).toBe(refs)
    expect(await listReleases(github(OURS))).toHaveLength(1)
    expect(registry.publications).toHaveLength(2)
  })

  it('is finished when it is run again, where a run was killed half-way', async () => {
    const refs = await git(bare, 'for-each-ref')
    const { octokit } = github(OURS)
    const page = await findRelease(github(OURS), 'v1.0.0')
    await octokit.rest.repos.deleteRelease({ ...at(github(OURS)), release_id: page!.id })
    await octokit.rest.git.deleteRef({ ...at(github(OURS)), ref: 'tags/v1' })
    expect(await rehearse()).toMatchObject({ conclusion: 'success', log: '' })
    expect(await git(bare, 'for-each-ref')).toBe(refs)
    expect((await findRelease(github(OURS), 'v1.0.0'))?.body).toBe(page!.body)
  })

  it('is what `uses:` gets from then on: a composite by tag, and the actions behind it by commit', async () => {
    const { cloneUrl } = await local.createRepository(THEIRS, { owner: 'ada' })
    await fill(cloneUrl.replace('//', `//ada:${token}@`), async (clone, commit) => {
      await writeModel(clone, toyModel('toy'))
      const steps = `[{ uses: actions/checkout@v6 }, { uses: ${OURS}/actions/pipeline@v1 }]`
      const permissions = 'actions: read, contents: read, pull-requests: read'
      await mkdir(join(clone, '.github/workflows'), { recursive: true })
      await writeFile(
        join(clone, '.github/workflows/model.yml'),
        `on: push\njobs: { model: { runs-on: ubuntu-latest, permissions: { ${permissions} }, steps: ${steps} } }\n`,
      )
      await commit('Use the pipeline')
    })
    await local.idle()
    const run = await newestRun(THEIRS)
    expect(run).toMatchObject({ conclusion: 'success', log: '' })
    const person = { login: 'ada', token, github: github(THEIRS) }
    const record = await recordOf(person, run, 'gate', 'toy')
    expect(record?.predicate).toMatchObject({ verdict: 'pass', engine: { modelyard: '1.0.0' } })
  })
})

/** Runs release.yml as a person would with the button, and answers with the run when it is over. */
async function rehearse() {
  await github(OURS).octokit.rest.actions.createWorkflowDispatch({
    ...at(github(OURS)),
    workflow_id: 'release.yml',
    ref: 'main',
    inputs: { version: 'auto' },
  })
  await local.idle()
  return newestRun(OURS)
}

/** The newest run of a repository; what failed jobs said is its `log`. */
async function newestRun(repository: string): Promise<Run & { log: string }> {
  const { octokit } = github(repository)
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo({ ...at(github(repository)), per_page: 1 })
  const [run] = data.workflow_runs
  const jobs = await octokit.rest.actions.listJobsForWorkflowRun({ ...at(github(repository)), run_id: run!.id })
  const logs = await Promise.all(
    jobs.data.jobs
      .filter(({ conclusion }) => conclusion === 'failure')
      .map(({ id }) => octokit.rest.actions.downloadJobLogsForWorkflowRun({ ...at(github(repository)), job_id: id })),
  )
  const { id, status, conclusion } = run!
  return { id, status: status ?? '', conclusion, log: logs.map(({ data: text }) => String(text)).join('\n') }
}

/** Pushes what is written and committed in a new clone. */
async function fill(
  remote: string,
  write: (clone: string, commit: (message: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const clone = await mkdtemp(join(folder, 'clone-'))
  await git(clone, 'init', '--quiet', '--initial-branch=main')
  await write(clone, async (message) => {
    await git(clone, 'add', '--all')
    await git(clone, 'commit', '--quiet', '--message', message)
  })
  await git(clone, 'push', '--quiet', remote, 'main')
}

/** This repository's files as they are now, without what git ignores. */
async function copyRepository(to: string): Promise<void> {
  const listed = await git(ROOT, 'ls-files', '--cached', '--others', '--exclude-standard')
  for (const file of new Set(listed.split('\n'))) {
    if (!(await stat(join(ROOT, file)).catch(() => undefined))?.isFile()) continue
    await mkdir(dirname(join(to, file)), { recursive: true })
    await copyFile(join(ROOT, file), join(to, file))
  }
}

/**
 * A folder with this Node, and an npm whose `ci` takes what this repository has installed, by hard links: fetching and
 * unpacking it again would be most of the rehearsal's time. Where links cannot be, npm does it.
 */
async function programs(bin: string): Promise<string> {
  const npm = (await execute('which', ['npm'])).stdout.trim()
  const link = `cp -al '${join(ROOT, 'node_modules')}' . 2>/dev/null`
  await mkdir(bin)
  await symlink(process.execPath, join(bin, 'node'))
  await writeFile(join(bin, 'npm'), `#!/bin/sh\n[ "$1" = ci ] && ${link} && exit\nexec '${npm}' "$@"\n`, {
    mode: 0o755,
  })
  return bin
}

function github(repository: string): GitHub {
  return connect({ token, repository, apiUrl: local.apiUrl })
}

function commitOf(name: string): Promise<string> {
  return git(bare, 'rev-parse', `${name}^{commit}`)
}

async function npmSetting(name: string): Promise<string> {
  return (await execute('npm', ['config', 'get', name], { cwd: ROOT })).stdout.trim()
}
