import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitsSince, isAncestor } from '../src/git/ancestry.ts'
import { commitTree, gitEnvironment, listRefs, ZERO_SHA } from '../src/git/git.ts'
import { writeObject } from '../src/git/loose.ts'
import { tryUpdateRef, updateRef } from '../src/git/ref-updates.ts'

let folder: string
const git = (args: string[], input = '') =>
  execFileSync('git', args, { cwd: folder, input, env: gitEnvironment, encoding: 'utf8' }).trim()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-history-'))
  git(['init', '-q', '--bare'])
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A commit with these parents, unlike any other. */
async function commit(message: string, parents: string[]): Promise<string> {
  return commitTree(folder, { tree: await writeObject(folder, 'tree', ''), parents, message })
}

describe('history is read as git reads it', () => {
  it('knows ancestors and what came since, near and far', async () => {
    // A line that is longer than what is read, then merges.
    const all = [await commit('0', [])]
    for (let index = 1; index < 70; index++) all.push(await commit(`${index}`, [all.at(-1)!]))
    for (let index = 70; index < 90; index++) {
      const parents = [all.at(-1 - (index % 3))!, all.at(-1 - (index % 5))!]
      all.push(await commit(`${index}`, index % 4 ? parents.slice(0, 1) : parents))
    }
    const lone = await commit('lone', [])
    const any = fc.constantFrom(...all, lone)
    await fc.assert(
      fc.asyncProperty(any, any, async (base, tip) => {
        const isOne = git(['rev-list', '-1', base, `^${tip}`]) === ''
        expect(await isAncestor(folder, base, tip)).toBe(isOne)
        const since = git(['rev-list', '--reverse', '--max-count=20', `${base}..${tip}`]).split('\n')
        expect((await commitsSince(folder, base, tip, 20)).sort()).toEqual(since.filter(Boolean).sort())
      }),
      {
        numRuns: 30,
        examples: [
          [all[60]!, all[69]!],
          [all[0]!, all[69]!],
          [all[69]!, all[69]!],
          [lone, all[3]!],
        ],
      },
    )
    expect(await commitsSince(folder, all[60]!, all[63]!, 20)).toEqual(all.slice(61, 64))
  })

  it('lists refs, few or many, each in a file or packed', async () => {
    const sha = await commit('one', [])
    const other = await commit('two', [])
    const listed = () => git(['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)']).split('\n')
    const found = async () => (await listRefs(folder)).map(({ sha, type, ref }) => `${sha} ${type} ${ref}`)
    git(['update-ref', '--stdin'], `create refs/heads/a/b ${sha}\ncreate refs/heads/a.c ${sha}\n`)
    git(['tag', '-a', '-m', 'x', 'v1', sha])
    git(['pack-refs', '--all'])
    git(
      ['update-ref', '--stdin'],
      `update refs/heads/a.c ${other}\ndelete refs/heads/a/b\ncreate refs/tags/x] ${sha}\n`,
    )
    expect(await found()).toEqual(listed())
    expect((await listRefs(folder, 'refs/tags/v')).map(({ ref, type }) => [ref, type])).toEqual([
      ['refs/tags/v1', 'tag'],
    ])
    git(['symbolic-ref', 'refs/heads/link', 'refs/heads/a.c'])
    expect(await found()).toEqual(listed())
    git(
      ['update-ref', '--stdin'],
      Array.from({ length: 300 }, (_, n) => `create refs/tags/v${n + 2} ${sha}\n`).join(''),
    )
    expect(await found()).toEqual(listed())
  })
})

describe('refs are changed by git itself', () => {
  it('one after the other, each from where it is expected to be, whatever became of others', async () => {
    const [one, two] = [await commit('first', []), await commit('second', [])]
    const ref = 'refs/heads/moved'
    const at = async (name = ref) => (await listRefs(folder, name))[0]?.sha
    await updateRef(folder, ref, one, ZERO_SHA)
    const results = await Promise.allSettled([
      updateRef(folder, ref, two, ZERO_SHA),
      updateRef(folder, ref, two, one),
      updateRef(folder, ref, one, one),
      updateRef(folder, `${ref}/below`, one),
      updateRef(folder, 'refs/heads/x\0\0commit', one),
      updateRef(folder, 'refs/heads/beside', one),
    ])
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([false, true, false, false, false, true])
    expect(String((results[0] as PromiseRejectedResult).reason)).toContain('reference already exists')
    expect([await at(), await at('refs/heads/beside')]).toEqual([two, one])
    git(['pack-refs', '--all'])
    expect(await tryUpdateRef(folder, ref, ZERO_SHA, one)).toBe(false)
    expect(await tryUpdateRef(folder, ref, ZERO_SHA, two)).toBe(true)
    expect(await at()).toBeUndefined()
  })

  it('sees objects and refs that came meanwhile', async () => {
    const tip = await commit('tip', [])
    await updateRef(folder, 'refs/heads/late', tip)
    const later = git(['commit-tree', '-m', 'later', '-p', tip, `${tip}^{tree}`])
    git(['update-ref', 'refs/heads/late', later])
    git(['gc', '-q', '--prune=now'])
    const last = await commit('last', [later])
    await updateRef(folder, 'refs/heads/late', last, later)
    expect(git(['rev-parse', 'refs/heads/late'])).toBe(last)
  })
})
