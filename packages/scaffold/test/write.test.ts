import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFiles } from '../src/index.ts'
import { proposalFor, repository } from './support.ts'

const files = ['a.txt', 'deep/er/b.txt', 'deep/c.txt'].map((path) => ({ path, content: path, template: false }))

/** Every file of a repository with its text, but git's. */
async function contents(root: string): Promise<Record<string, string>> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
  const own = paths.filter((path) => !/\/\.(?:git|modelyard)\//.test(path)).sort()
  return Object.fromEntries(
    await Promise.all(own.map(async (path) => [path.slice(root.length + 1), await readFile(path, 'utf8')])),
  )
}

describe('writing', () => {
  it('writes every file, and leaves nothing else', async () => {
    const root = await repository()
    await writeFiles(root, files)
    expect(await contents(root)).toEqual({
      'a.txt': 'a.txt',
      'deep/er/b.txt': 'deep/er/b.txt',
      'deep/c.txt': 'deep/c.txt',
    })
    expect(await readdir(join(root, '.modelyard'))).toEqual(['.gitignore'])
  })

  it('never overwrites: it takes back what it wrote, and says which file was there', async () => {
    const root = await repository(undefined, { 'deep/c.txt': 'mine' })
    await expect(writeFiles(root, files)).rejects.toThrow(
      'deep/c.txt is there already and is not overwritten: nothing was written. Run init again.',
    )
    expect(await contents(root)).toEqual({ 'deep/c.txt': 'mine' })
    expect(await readdir(join(root, 'deep'))).toEqual(['c.txt'])
  })

  it('takes everything back where a file stands in a folder’s place', async () => {
    const root = await repository(undefined, { deep: 'a file' })
    await expect(writeFiles(root, files)).rejects.toThrow('deep/er/b.txt')
    expect(await contents(root)).toEqual({ deep: 'a file' })
  })

  it('ends as if undisturbed when it was killed after any of its files and is run again', async () => {
    const undisturbed = await repository('script')
    const { files: all } = await proposalFor(undisturbed)
    await writeFiles(undisturbed, all)
    const end = await contents(undisturbed)
    for (const kept of all.keys()) {
      const root = await repository('script')
      await writeFiles(root, (await proposalFor(root)).files.slice(0, kept))
      const again = await proposalFor(root)
      expect(again.left).toHaveLength(kept)
      await writeFiles(root, again.files)
      expect(await contents(root)).toEqual(end)
    }
  })

  it('takes a half-written draft for nothing', async () => {
    const root = await repository()
    await writeFiles(root, files.slice(0, 1))
    await writeFile(join(root, '.modelyard/init-half'), 'ha')
    await writeFiles(root, files.slice(1))
    expect(Object.keys(await contents(root))).toHaveLength(3)
  })

  it.each(['deep', 'deep/er'])('writes nothing where %s leads out of the repository', async (name) => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    const root = await repository()
    await mkdir(join(root, name, '..'), { recursive: true })
    await symlink(outside, join(root, name))
    await expect(writeFiles(root, files)).rejects.toThrow(
      `${name} leads out of this repository by a symbolic link, so deep/er/b.txt is not written: remove the link.`,
    )
    expect([await readdir(outside), await contents(root)]).toEqual([[], {}])
  })

  it('writes nothing where a link leads to a folder that is not there yet', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    const root = await repository()
    await symlink(join(outside, 'new'), join(root, 'deep'))
    await expect(writeFiles(root, files)).rejects.toThrow('deep leads out of this repository')
    expect(await readdir(outside)).toEqual([])
  })

  it('goes where a link leads inside of the repository', async () => {
    const root = await repository(undefined, { 'real/x': '' })
    await symlink('real', join(root, 'deep'))
    await writeFiles(root, files)
    expect(await readFile(join(root, 'real/er/b.txt'), 'utf8')).toBe('deep/er/b.txt')
  })

  it.each(['.modelyard', '.modelyard/.gitignore'])('never writes where %s leads', async (name) => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'profile'), 'mine')
    const root = await repository()
    await mkdir(join(root, name, '..'), { recursive: true })
    await symlink(name === '.modelyard' ? outside : join(outside, 'profile'), join(root, name))
    await expect(writeFiles(root, files)).rejects.toThrow(
      `${name} is a symbolic link, and Modelyard writes there itself: remove the link.`,
    )
    expect(await readdir(outside)).toEqual(['profile'])
    expect(await readFile(join(outside, 'profile'), 'utf8')).toBe('mine')
  })
})
