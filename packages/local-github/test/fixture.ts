import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Octokit } from '@octokit/rest'
import { afterAll } from 'vitest'
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../src/index.ts'
import { recordServed } from './exercised.ts'
import { fetchThroughProxy } from './through.ts'

const run = promisify(execFile)

export interface Fixture {
  github: LocalGitHub
  root: string
  /** Of the owner `ann`. */
  octokit: Octokit
  as: (login: string) => Promise<Octokit>
  owner: string
  repo: string
  cloneUrl: string
  gitDir: string
  /** Runs git in a clone with one commit on `main`. */
  git: (...args: string[]) => Promise<string>
  write: (path: string, text: string) => Promise<void>
  /** Commits everything and pushes the branch. */
  push: (message: string, branch?: string) => Promise<string>
}

export function connect(apiUrl: string, token?: string): Octokit {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  return new Octokit({
    baseUrl: apiUrl,
    ...(token ? { auth: token } : {}),
    log: quiet,
    ...fetchThroughProxy(apiUrl),
  })
}

/** A server with the repository `acme/model`, gone after the test file. */
export async function createFixture(
  options: Partial<LocalGitHubOptions> & { private?: boolean } = {},
): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), 'local-github-'))
  const github = await startLocalGitHub({
    root: join(root, 'server'),
    act: process.env.MODELYARD_ACT ?? 'act',
    onServed: recordServed,
    ...options,
  })
  afterAll(async () => {
    await github.close()
    await rm(root, { recursive: true, force: true })
  })
  const ann = await github.createUser('ann')
  await github.createUser('bob')
  const settings = { owner: 'ann', collaborators: ['bob'], private: options.private ?? false }
  const { cloneUrl, gitDir } = await github.createRepository('acme/model', settings)
  const folder = join(root, 'clone')
  await mkdir(folder)
  const env = { ...process.env, HOME: root, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' }
  const git = async (...args: string[]) => (await run('git', args, { cwd: folder, env })).stdout.trim()
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await git('init', '-q', '-b', 'main')
  await git('config', 'user.name', 'Ann')
  await git('config', 'user.email', 'ann@users.noreply.github.com')
  await git('remote', 'add', 'origin', cloneUrl.replace('://', `://x:${ann.token}@`))
  const push = async (message: string, branch = 'main') => {
    await git('add', '-A')
    await git('commit', '-q', '--allow-empty', '-m', message)
    await git('push', '-q', 'origin', `HEAD:refs/heads/${branch}`)
    return git('rev-parse', 'HEAD')
  }
  await write('README.md', '# model\n')
  await push('First')
  return {
    github,
    root,
    octokit: connect(github.apiUrl, ann.token),
    as: async (login) => connect(github.apiUrl, (await github.createUser(login)).token),
    owner: 'acme',
    repo: 'model',
    cloneUrl,
    gitDir,
    git,
    write,
    push,
  }
}
