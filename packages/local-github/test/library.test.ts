import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const { github, root } = await createFixture()

it('refuses what REST would refuse, and names the input', async () => {
  const refuses = (call: () => unknown, says: string) => expect(call, says).toThrow(says)
  refuses(() => github.setSecret('acme/model', 'my key', 'x'), 'Secret names can only contain alphanumeric characters')
  refuses(() => github.setVariable('acme/model', 'GITHUB_X', 'x'), 'Variable names must not start with GITHUB_.')
  refuses(() => github.setSecret('acme/model', 'KEY', undefined as never), 'A secret has a name and a value')
  refuses(() => github.setVariable('acme/model', 'KEY', 'x'.repeat(49153)), 'exceeds the limit of 48 KB')
  const token = (permissions: object) => () => github.createJobToken('acme/model', permissions)
  refuses(token({ content: 'read' }), 'There is no permission content: name some of actions, ')
  refuses(token({ contents: 'admin' }), 'The permission contents is read, write or none, not admin.')
  const create = (options: object) => github.createRepository('acme/new', options as never)
  await expect(create({})).rejects.toThrow('The repository acme/new needs an owner')
  await expect(create({ owner: 'nobody' })).rejects.toThrow('Nobody is called nobody')
  for (const wrong of [Number.NaN, -5, '5' as never])
    await expect(github.advance(wrong)).rejects.toThrow(`advance takes milliseconds from 0 on, not ${wrong}`)
})

it('holds to the contract under node --test, too', async () => {
  const script = `
    import { startLocalGitHub } from '@modelyard/local-github'
    const github = await startLocalGitHub({ root: '${root}/other' })
    await github.createUser('ann')
    const answer = await fetch(github.apiUrl + '/user/none-such', { method: 'POST' })
    console.log(answer.status)
    await github.close()`
  const run = async (env: Record<string, string>) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      env: { PATH: process.env.PATH, ...env },
    })
    return stdout.trim()
  }
  expect(await run({})).toBe('404')
  expect(await run({ NODE_TEST_CONTEXT: 'child-v8' })).toBe('500')
})
