import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const fixture = await createFixture()
const { github, git, cloneUrl, root, write, push, octokit } = fixture
const env = { ...process.env, HOME: root, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
const run = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: root, env })).stdout.trim()
const as = async (login: string) => cloneUrl.replace('://', `://${login}:${(await github.createUser(login)).token}@`)

describe('git over HTTP', () => {
  it('clones a public repository without a token, and pushes with one', async () => {
    await run('clone', '-q', '--depth=1', cloneUrl, 'anonymous')
    expect(await run('-C', join(root, 'anonymous'), 'log', '--format=%s')).toBe('First')
    await write('a.txt', 'a')
    const sha = await push('Second')
    expect(await run('ls-remote', cloneUrl, 'refs/heads/main')).toContain(sha)
  })

  it('asks for a token, refuses a bad one, and a stranger’s push', async () => {
    const secret = await github.createRepository('acme/secret', { owner: 'ann', private: true })
    await expect(run('ls-remote', secret.cloneUrl)).rejects.toThrow(/could not read Username|Authentication failed/)
    await expect(run('ls-remote', secret.cloneUrl.replace('://', '://x:nonsense@'))).rejects.toThrow(
      'Authentication failed',
    )
    await expect(
      run('ls-remote', secret.cloneUrl.replace('://', `://x:${(await github.createUser('carl')).token}@`)),
    ).rejects.toThrow('not found')
    await expect(git('push', '-q', await as('carl'), 'HEAD:refs/heads/carl')).rejects.toThrow('403')
    await expect(git('push', '-q', cloneUrl, 'HEAD:refs/heads/nobody')).rejects.toThrow(
      /could not read Username|terminal prompts disabled/,
    )
  })

  it('refuses what is no fast-forward, takes it with force, and guards pull request refs', async () => {
    await git('push', '-q', 'origin', 'HEAD:refs/heads/topic')
    await git('checkout', '-q', '-b', 'other', 'HEAD~1')
    await git('commit', '-q', '--allow-empty', '-m', 'Other')
    await expect(git('push', '-q', 'origin', 'HEAD:refs/heads/topic')).rejects.toThrow(/non-fast-forward|rejected/)
    await git('push', '-q', '--force', 'origin', 'HEAD:refs/heads/topic')
    await expect(git('push', '-q', 'origin', 'HEAD:refs/pull/1/head')).rejects.toThrow('hidden ref')
  })

  it('carries tags with # and @ in their names', async () => {
    await git('tag', '-a', 'm#production#1', '-m', 'x')
    await git('push', '-q', 'origin', 'm#production#1')
    const { data } = await octokit.git.getRef({ owner: 'acme', repo: 'model', ref: 'tags/m#production#1' })
    expect(data.object.type).toBe('tag')
  })
})
