import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, write, push, root } = fixture
const at = { owner, repo }
const clone = join(root, 'clone')
const encode = (text: string) => Buffer.from(text).toString('base64')

await write('docs/README.md', '# Docs\n')
await write('.github/README.md', '# Front page\n')
await write('long.txt', 'x'.repeat(100))
await symlink('long.txt', join(clone, 'inside'))
await symlink('../../etc/passwd', join(clone, 'outside'))
await writeFile(join(clone, 'large.bin'), 'x'.repeat(1024 * 1024 + 1))
for (let number = 0; number < 1001; number++) await write(`many/${number}`, '')
await mkdir(join(clone, 'lib'))
await git('update-index', '--add', '--cacheinfo', `160000,${await git('rev-parse', 'HEAD')},lib`)
await push('All kinds')

const get = async (path: string, accept = 'application/vnd.github+json') =>
  (await octokit.repos.getContent({ ...at, path, headers: { accept } })).data as { type: string; content: string }

it('contents/sha-of-what-is-replaced', async () => {
  const file = { ...at, path: 'written', message: 'Write', content: encode('1') }
  await octokit.repos.createOrUpdateFileContents(file)
  expect(await refusal(octokit.repos.createOrUpdateFileContents(file))).toMatchObject({
    status: 422,
    body: { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' },
  })
  const stale = { ...file, sha: '0'.repeat(40) }
  expect(await refusal(octokit.repos.createOrUpdateFileContents(stale))).toMatchObject({ status: 409 })
})

it('contents/links-are-followed', async () => {
  expect([(await get('inside')).type, (await get('outside')).type]).toEqual(['file', 'symlink'])
})

it('contents/submodules-among-files', async () => {
  const root = (await get('')) as unknown as Array<{ name: string; type: string }>
  expect(root.find(({ name }) => name === 'lib')?.type).toBe('file')
  expect((await get('lib')).type).toBe('submodule')
})

it('contents/large-files-are-left-out', async () => {
  expect(await get('large.bin')).toMatchObject({ encoding: 'none', content: '' })
  expect(await get('large.bin', 'application/vnd.github.raw+json')).toHaveLength(1024 * 1024 + 1)
})

it('contents/folders-end-at-a-thousand', async () => {
  expect(await get('many')).toHaveLength(1000)
})

it('contents/base64-in-lines', async () => {
  const lines = (await get('long.txt')).content.split('\n')
  expect(lines.map(({ length }) => length)).toEqual([60, 60, 16, 0])
})

it('contents/paths-stay-inside', async () => {
  for (const path of ['a/../../b', '.git/config', './a']) {
    const url = `/repos/acme/model/contents/${path.replaceAll('/', '%2F')}`
    const call = octokit.request(`PUT ${url}`, { message: 'm', content: encode('x') })
    expect(await refusal(call)).toMatchObject({
      status: 422,
      body: { message: 'path contains a malformed path component' },
    })
  }
})

it('contents/paths-without-slash', async () => {
  const file = { ...at, path: '/a', message: 'm', content: encode('x') }
  expect(await refusal(octokit.repos.createOrUpdateFileContents(file))).toMatchObject({
    status: 422,
    body: {
      message: 'path cannot start with a slash',
      errors: [{ resource: 'Commit', code: 'invalid', field: 'path' }],
    },
  })
})

it('contents/readme-of-dot-github-first', async () => {
  expect((await octokit.repos.getReadme(at)).data.path).toBe('.github/README.md')
})

it('contents/archives-expire', async () => {
  await octokit.repos.createInOrg({ org: owner, name: 'secret', private: true, auto_init: true })
  const { url } = await octokit.repos.downloadTarballArchive({ owner, repo: 'secret', ref: 'main' })
  expect((await fetch(url)).status).toBe(200)
  await github.advance(5 * 60_000)
  expect((await fetch(url)).status).toBe(404)
})
