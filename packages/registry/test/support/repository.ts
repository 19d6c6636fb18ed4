import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { connect, type GitHub, listAssets, listReleases } from '@modelyard/github'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { logRef } from '../../src/events/log.ts'
import { readTrailers } from '../../src/events/message.ts'
import { parseTag } from '../../src/index.ts'
import { type Killable, killAfter } from './kill.ts'

const run = promisify(execFile)

/** A repository on a local GitHub, with one commit that has workflows. */
export interface Repository {
  name: string
  cloneUrl: string
  source: { commit: string; tree: string }
  /** A connection of its own, as every run has; its requests go through `fetch` where one is given. */
  connect(fetch?: typeof globalThis.fetch): GitHub
  git(...args: string[]): Promise<string>
}

export interface Server {
  local: LocalGitHub
  folder: string
  /** A new repository; with all that git holds of another one, where one is given: its releases stay behind. */
  repository(like?: Repository, settings?: { branchesOnly: boolean }): Promise<Repository>
  /** Connects as somebody who may write to a repository without administering it: `bob`. */
  connectAs(login: string, repository: Repository): Promise<GitHub>
  close(): Promise<void>
}

const FILES = {
  'train.py': 'print("training")\n',
  '.github/workflows/model.yml': 'on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{run: "true"}]}}\n',
  '.github/workflows/deep/er.yml': 'on: workflow_dispatch\n',
  '.github/CODEOWNERS': '* @ada\n',
}
// The same source commit in every repository, so that what is made from it can be compared.
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
}

/** Starts a GitHub for the tests of one file. */
export async function openServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-registry-'))
  const local = await startLocalGitHub({ root: join(folder, 'github') })
  const { token } = await local.createUser('ada')
  const source = join(folder, 'source')
  await writeSource(source)
  let count = 0
  return {
    local,
    folder,
    async repository(like, settings = { branchesOnly: false }) {
      const name = `ada/models-${++count}`
      const { gitDir, cloneUrl } = await local.createRepository(name, {
        owner: 'ada',
        collaborators: ['bob'],
        ...settings,
      })
      await run('git', ['push', '-q', gitDir, 'main'], { cwd: source })
      const git = async (...args: string[]) =>
        (await run('git', args, { cwd: gitDir, maxBuffer: 2 ** 26 })).stdout.trimEnd()
      if (like) await git('fetch', '-q', await like.git('rev-parse', '--absolute-git-dir'), '+refs/*:refs/*')
      return {
        name,
        cloneUrl,
        source: { commit: await git('rev-parse', 'main'), tree: await git('rev-parse', 'main^{tree}') },
        connect: (fetch) => connect({ token, repository: name, apiUrl: local.apiUrl, ...(fetch ? { fetch } : {}) }),
        git,
      }
    },
    async connectAs(login, { name }) {
      const { token } = await local.createUser(login)
      return connect({ token, repository: name, apiUrl: local.apiUrl })
    },
    async close() {
      await local.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function writeSource(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const git = (...args: string[]) => run('git', args, { cwd: folder, env: { ...process.env, ...IDENTITY } })
  await git('init', '-q', '-b', 'main')
  await git('add', '.')
  await git('commit', '-q', '-m', 'Train a model')
}

/** Everything that a repository shows of a model, without times and without the commits and numbers that differ by them. */
export async function describeRepository(repository: Repository, model: string): Promise<object> {
  const { git } = repository
  const github = repository.connect()
  const names = (await git('for-each-ref', '--format=%(refname)')).split('\n').filter((name) => name !== '')
  const tags = names.flatMap((name) => (parseTag(name.slice('refs/tags/'.length)) ? [name] : []))
  const releases = await listReleases(github)
  return {
    refs: names,
    log: (await git('log', '--first-parent', '--format=%s', logRef(model))).split('\n'),
    reachable: Number(await git('rev-list', '--count', logRef(model))),
    tags: await Promise.all(tags.map((tag) => describeTag(repository, tag))),
    releases: await Promise.all(
      releases.map(async ({ id, tag, name, body, draft }) => ({
        ...{ tag, name, body, draft },
        assets: (await listAssets(github, id)).map(({ name, sha256, state }) => ({ name, sha256, state })),
      })),
    ),
  }
}

async function describeTag({ git }: Repository, tag: string): Promise<object> {
  const message = await git('for-each-ref', '--format=%(contents)', tag)
  return {
    tag,
    type: await git('cat-file', '-t', tag),
    message,
    trailers: readTrailers(message),
    files: await git('ls-tree', '-r', `${tag}^{}`),
  }
}

/** Runs work in a process that dies after so many answers; answers with what it returned, or `dead`. */
export async function dyingAfter<T>(
  calls: number,
  repository: Repository,
  work: (github: GitHub) => Promise<T>,
): Promise<{ outcome: T | 'dead'; process: Killable }> {
  const process = killAfter(calls)
  return { outcome: await Promise.race([work(repository.connect(process.fetch)), process.dead]), process }
}
