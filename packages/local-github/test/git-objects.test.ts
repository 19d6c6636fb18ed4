import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCommit } from '../src/git/commits.ts'
import { getRef, resolve } from '../src/git/git.ts'
import { findObject, readObject, readObjects } from '../src/git/objects.ts'
import { listFolder } from '../src/git/tree.ts'

let folder: string
const run = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-objects-'))
  run('init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'a file'), randomBytes(3_000_000))
  writeFileSync(join(folder, 'ä'), 'two\n\nlines\n')
  run('add', '.')
  run('commit', '-q', '-m', 'One\n\nwith a body')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('one process that answers what is asked of objects', () => {
  it('gives many answers at once, large and small, each to who asked', async () => {
    const names = ['main:a file', 'nothing', 'main:ä', 'main', 'main^{tree}', 'main:a file', 'a\nb', 'main:ä']
    const found = await readObjects(folder, [...names, ...names])
    expect(found.map((each) => each?.type)).toEqual([
      ...['blob', undefined, 'blob', 'commit', 'tree', 'blob', undefined, 'blob'],
      ...['blob', undefined, 'blob', 'commit', 'tree', 'blob', undefined, 'blob'],
    ])
    expect(
      found[0]!.bytes.equals(execFileSync('git', ['show', 'main:a file'], { cwd: folder, maxBuffer: 2 ** 24 })),
    ).toBe(true)
    expect(found[10]!.bytes.toString()).toBe('two\n\nlines\n')
    expect((await listFolder(folder, 'main', '')).map(({ path }) => path)).toEqual(['a file', 'ä'])
    expect(await listFolder(folder, 'main', 'no folder')).toEqual([])
  })

  it('sees what another process writes, moves and takes away', async () => {
    expect(await findObject(folder, 'refs/heads/new')).toBeUndefined()
    run('branch', 'new')
    expect((await findObject(folder, 'refs/heads/new'))?.sha).toBe(run('rev-parse', 'main'))
    run('commit', '-q', '--allow-empty', '-m', 'Two')
    run('branch', '-f', 'new', 'main')
    expect(await resolve(folder, 'refs/heads/new')).toBe(run('rev-parse', 'main'))
    run('pack-refs', '--all')
    run('gc', '-q', '--prune=now')
    expect(await resolve(folder, 'main')).toBe(run('rev-parse', 'main'))
    run('branch', '-D', 'new')
    expect(await findObject(folder, 'refs/heads/new')).toBeUndefined()
  })

  it('knows a ref only by its own name', async () => {
    run('branch', 'refs/heads/odd')
    expect(await getRef(folder, 'refs/heads/odd')).toBeUndefined()
    expect((await getRef(folder, 'refs/heads/refs/heads/odd'))?.type).toBe('commit')
  })

  it('reads a commit as git log shows it', async () => {
    const { author, message, parents, tree } = await readCommit(folder, 'main~1')
    expect({ tree, parents, message, author: author.name, date: Date.parse(author.date) / 1000 }).toEqual({
      tree: run('rev-parse', 'main~1^{tree}'),
      parents: [],
      message: 'One\n\nwith a body',
      author: 'Ann',
      date: Number(run('log', '-1', '--format=%at', 'main~1')),
    })
  })

  it('starts again after nobody asked for so long that its process has ended', async () => {
    await readObject(folder, 'main')
    await new Promise((done) => setTimeout(done, 2300))
    expect((await readObject(folder, 'main'))?.type).toBe('commit')
  })
})
