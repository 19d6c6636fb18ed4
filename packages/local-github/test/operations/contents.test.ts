import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const run = promisify(execFile)
const fixture = await createFixture()
const { octokit, owner, repo, git, write, push, root, github } = fixture
const at = { owner, repo }
const encode = (text: string) => Buffer.from(text).toString('base64')
const decode = (data: object) => Buffer.from((data as { content: string }).content, 'base64').toString()

it('writes, changes and deletes a file', async () => {
  const file = { ...at, path: 'data/a b.txt' }
  const { data: made } = await octokit.repos.createOrUpdateFileContents({
    ...file,
    message: 'Add',
    content: encode('1\n'),
  })
  expect(made).toMatchObject({
    content: { path: 'data/a b.txt', size: 2 },
    commit: { message: 'Add', committer: { name: 'ann' }, verification: { verified: false } },
  })
  const author = { name: 'Ann', email: 'ann@example.com' }
  const change = { ...file, message: 'Change', content: encode('2\n'), sha: made.content!.sha!, author }
  const { data: changed } = await octokit.repos.createOrUpdateFileContents(change)
  expect(changed.commit).toMatchObject({ author, committer: { name: 'ann' } })
  expect(decode((await octokit.repos.getContent(file)).data)).toBe('2\n')
  expect(await refusal(octokit.repos.createOrUpdateFileContents(change))).toMatchObject({ status: 409 })
  const { data: deleted } = await octokit.repos.deleteFile({ ...file, message: 'Delete', sha: changed.content!.sha! })
  expect(deleted.content).toBe(null)
  expect(await refusal(octokit.repos.getContent(file))).toMatchObject({ status: 404 })
  await git('fetch', '-q', 'origin')
  expect(await git('log', '--format=%s', 'origin/main')).toBe('Delete\nChange\nAdd\nFirst')
  await git('reset', '-q', '--hard', 'origin/main')
})

it('begins an empty repository', async () => {
  await octokit.repos.createInOrg({ org: owner, name: 'empty' })
  const file = { owner, repo: 'empty', path: 'README.md' }
  expect(await refusal(octokit.repos.getContent(file))).toMatchObject({
    status: 404,
    body: { message: 'This repository is empty.' },
  })
  await octokit.repos.createOrUpdateFileContents({ ...file, message: 'First', content: encode('# Empty\n') })
  expect((await octokit.repos.getReadme(file)).data.path).toBe('README.md')
})

it('shows folders, links, submodules and large files', async () => {
  const clone = join(root, 'clone')
  await write('docs/guide.md', '# Guide\n')
  await symlink('guide.md', join(clone, 'docs/link'))
  await symlink('nowhere', join(clone, 'docs/dangling'))
  await writeFile(join(clone, 'large.bin'), Buffer.alloc(1024 * 1024 + 1))
  const head = await git('rev-parse', 'HEAD')
  await write('.gitmodules', '[submodule "lib"]\n\tpath = lib\n\turl = https://github.com/acme/lib\n')
  await mkdir(join(clone, 'lib'))
  await git('update-index', '--add', '--cacheinfo', `160000,${head},lib`)
  await push('Kinds')
  const { data: root1 } = await octokit.repos.getContent({ ...at, path: '' })
  const kinds = (root1 as Array<{ name: string; type: string }>).map(({ name, type }) => `${name}: ${type}`)
  expect(kinds).toEqual(['.gitmodules: file', 'README.md: file', 'docs: dir', 'large.bin: file', 'lib: file'])
  const get = async (path: string, accept = 'application/vnd.github+json') =>
    (await octokit.repos.getContent({ ...at, path, headers: { accept } })).data as object
  expect(await get('lib')).toMatchObject({
    type: 'submodule',
    submodule_git_url: 'https://github.com/acme/lib',
    sha: head,
  })
  expect(await get('docs/dangling')).toMatchObject({ type: 'symlink', target: 'nowhere' })
  const link = await get('docs/link')
  expect([link, decode(link)]).toMatchObject([{ type: 'file', path: 'docs/link' }, '# Guide\n'])
  expect(await get('large.bin')).toMatchObject({ encoding: 'none', content: '', size: 1024 * 1024 + 1 })
  expect(await get('docs', 'application/vnd.github.object+json')).toMatchObject({ type: 'dir', entries: [{}, {}, {}] })
  expect(await get('docs/guide.md', 'application/vnd.github.raw+json')).toBe('# Guide\n')
  expect(await get('docs/guide.md', 'application/vnd.github.html+json')).toMatch(/<h1.*Guide/s)
})

it('takes no path for a pattern', async () => {
  const star = { ...at, path: '*' }
  expect(await refusal(octokit.repos.getContent(star))).toMatchObject({ status: 404 })
  const { data } = await octokit.repos.createOrUpdateFileContents({ ...star, message: 'Star', content: encode('*') })
  await octokit.repos.deleteFile({ ...star, message: 'No star', sha: data.content!.sha! })
  expect((await octokit.repos.getContent({ ...at, path: 'README.md' })).status).toBe(200)
  expect(await refusal(octokit.repos.getContent({ ...at, path: ':(icase)readme.md' }))).toMatchObject({ status: 404 })
  await git('pull', '-q', 'origin', 'main')
})

it('finds READMEs', async () => {
  expect((await octokit.repos.getReadme(at)).data.path).toBe('README.md')
  await write('.github/README.md', '# First of all\n')
  await write('docs/readme.txt', 'Docs\n')
  await push('Read me')
  expect(decode((await octokit.repos.getReadme(at)).data)).toBe('# First of all\n')
  expect((await octokit.repos.getReadmeInDirectory({ ...at, dir: 'docs' })).data.path).toBe('docs/readme.txt')
})

it('packs a commit as an archive', async () => {
  const { data: tar } = await octokit.repos.downloadTarballArchive({ ...at, ref: 'main' })
  const file = join(root, 'model.tar.gz')
  await writeFile(file, Buffer.from(tar as ArrayBuffer))
  const names = (await run('tar', ['tzf', file])).stdout.split('\n')
  expect(names).toContain(`acme-model-${(await git('rev-parse', 'HEAD')).slice(0, 7)}/README.md`)
  const { data: zip } = await octokit.repos.downloadZipballArchive({ ...at, ref: '' })
  expect(
    Buffer.from(zip as ArrayBuffer)
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')

  await github.createRepository('acme/secret', { owner: 'ann', private: true })
  const secret = { owner, repo: 'secret', ref: 'main' }
  await octokit.repos.createOrUpdateFileContents({ ...secret, path: 'a', message: 'm', content: encode('a') })
  const { url } = await octokit.repos.downloadTarballArchive(secret)
  expect((await fetch(url)).status).toBe(200)
  github.advance(5 * 60_000)
  expect((await fetch(url)).status).toBe(404)
})
