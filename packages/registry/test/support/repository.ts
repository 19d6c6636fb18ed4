import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
  gitDir: string
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
  const origin = join(folder, 'source')
  const source = await writeSource(origin)
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
      const git = async (...args: string[]) =>
        (await run('git', args, { cwd: gitDir, maxBuffer: 2 ** 26 })).stdout.trimEnd()
      await copyObjectsAndRefs(like?.gitDir ?? join(origin, '.git'), gitDir)
      return {
        name,
        gitDir,
        cloneUrl,
        source,
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

/** As a fetch of everything would, without the half dozen processes that it takes. */
async function copyObjectsAndRefs(from: string, to: string): Promise<void> {
  for (const name of ['objects', 'refs', 'packed-refs'])
    if (existsSync(join(from, name))) await cp(join(from, name), join(to, name), { recursive: true })
}

async function writeSource(folder: string): Promise<Repository['source']> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const git = (...args: string[]) => run('git', args, { cwd: folder, env: { ...process.env, ...IDENTITY } })
  await git('init', '-q', '-b', 'main')
  await git('add', '.')
  await git('commit', '-q', '-m', 'Train a model')
  const { stdout } = await git('show', '--no-patch', '--format=%H %T')
  const [commit, tree] = stdout.trim().split(' ')
  return { commit: commit!, tree: tree! }
}

/** Everything that a repository shows of a model, without times and without the commits and numbers that differ by them. */
export async function describeRepository(repository: Repository, model: string): Promise<object> {
  const { git } = repository
  const github = repository.connect()
  const refs = await describeRefs(repository)
  const releases = await listReleases(github)
  return {
    refs: refs.map(({ tag }) => tag),
    log: (await git('log', '--first-parent', '--format=%s', logRef(model))).split('\n'),
    reachable: Number(await git('rev-list', '--count', logRef(model))),
    tags: refs.filter(({ tag }) => parseTag(tag.slice('refs/tags/'.length))),
    releases: await Promise.all(
      releases.map(async ({ id, tag, name, body, draft }) => ({
        ...{ tag, name, body, draft },
        assets: (await listAssets(github, id)).map(({ name, sha256, state }) => ({ name, sha256, state })),
      })),
    ),
  }
}

/** The refs, with what they say and the tree of what they stand for. */
async function describeRefs({ git }: Repository) {
  const told = await git('for-each-ref', '--format=%(refname)%00%(objecttype)%00%(tree)%(*tree)%00%(contents)%00')
  const fields = told.split('\0').slice(0, -1)
  return Array.from({ length: fields.length / 4 }, (_, index) => {
    const [tag, type, tree, message] = fields.slice(4 * index, 4 * index + 4).map((field) => field.trim())
    return { tag: tag!, type, tree, message, trailers: readTrailers(message!) }
  })
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
