import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Octokit } from '@octokit/rest'
import { afterAll, describe, expect, it } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from '../src/index.ts'
import { connect } from './fixture.ts'
import { createProposals } from './proposals.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'local-github-killed-'))
const at = { owner: 'acme', repo: 'model' }
let github: LocalGitHub = await startLocalGitHub({ root })
const ann = await github.createUser('ann')
const { gitDir } = await github.createRepository('acme/model', { owner: 'ann' })
const hooks = join(gitDir, 'hooks')
let octokit: Octokit = connect(github.apiUrl, ann.token)
afterAll(async () => {
  await github.close()
  await rm(root, { recursive: true, force: true })
})

/** The same server in a process of its own. */
async function startChild(): Promise<{ child: ChildProcess; url: string }> {
  const index = new URL('../src/index.ts', import.meta.url).href
  const script = `import { startLocalGitHub } from '${index}'
    console.log((await startLocalGitHub({ root: ${JSON.stringify(root)} })).url)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, url: String(line).trim() }
}

/** Kills the server, which is asked for something, as soon as git has changed a ref, before it hears of that. */
async function killAt(ref: string, ask: (octokit: Octokit, cloneUrl: string) => Promise<unknown>): Promise<void> {
  await github.close()
  const { child, url } = await startChild()
  await mkdir(hooks, { recursive: true })
  const hook = `#!/bin/sh\nif [ "$1" = committed ] && grep -q ' ${ref}$'; then kill -9 ${child.pid}; fi\n`
  await writeFile(join(hooks, 'reference-transaction'), hook, { mode: 0o755 })
  const asked = ask(connect(`${url}/api/v3`, ann.token), `${url.replace('://', `://x:${ann.token}@`)}/acme/model.git`)
  const [died] = await Promise.all([once(child, 'exit'), expect(asked).rejects.toThrow()])
  expect(died[1]).toBe('SIGKILL')
  await rm(hooks, { recursive: true })
  github = await startLocalGitHub({ root })
  octokit = connect(github.apiUrl, ann.token)
}

const shaOf = async (branch: string) => (await octokit.git.getRef({ ...at, ref: `heads/${branch}` })).data.object.sha
const propose = (...proposal: Parameters<ReturnType<typeof createProposals>['propose']>) =>
  createProposals(octokit, at).propose(...proposal)
const write = (path: string, branch: string) => (to: Octokit) =>
  to.repos.createOrUpdateFileContents({ ...at, path, branch, message: path, content: 'eA==' })

describe('a server that was killed between git and what follows', () => {
  it('lets pull requests follow their branches after a call of the API', async () => {
    await write('README.md', 'main')(octokit)
    const { one, sha } = await propose('follows')
    await killAt('refs/heads/follows', write('more.txt', 'follows'))
    const tip = await shaOf('follows')
    expect(tip).not.toBe(sha)
    expect((await octokit.pulls.get(one)).data.head.sha).toBe(tip)
  })

  it('lets them follow after a push', async () => {
    const { one } = await propose('pushed')
    const clone = join(root, 'clone')
    const git = (...args: string[]) => run('git', ['-C', clone, ...args])
    await run('git', ['clone', '-q', '-b', 'pushed', gitDir, clone])
    await git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '-q', '--allow-empty', '-m', 'More')
    const tip = (await git('rev-parse', 'HEAD')).stdout.trim()
    await killAt('refs/heads/pushed', (_, url) => git('push', '-q', url, 'HEAD:pushed'))
    expect((await octokit.pulls.get(one)).data.head.sha).toBe(tip)
  })

  it('has merged what is in the base', async () => {
    const { one } = await propose('squashed')
    await octokit.repos.update({ ...at, delete_branch_on_merge: true })
    await killAt('refs/heads/main', (to) => to.pulls.merge({ ...one, merge_method: 'squash' }))
    const { data } = await octokit.pulls.get(one)
    const merge_commit_sha = await shaOf('main')
    expect(data).toMatchObject({ state: 'closed', merged: true, merged_by: { login: 'ann' }, merge_commit_sha })
    await expect(shaOf('squashed')).rejects.toThrow('Not Found')
  })
})
