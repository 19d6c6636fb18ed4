import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitTree, gitEnvironment } from '../src/git/git.ts'
import { writeObject } from '../src/git/loose.ts'
import { readObject } from '../src/git/objects.ts'
import { isRefName } from '../src/git/ref-names.ts'
import { parseTreeObject, toBytes, treeObject } from '../src/git/tree-object.ts'

let folder: string
const git = (args: string[], input: string | Buffer = '', env = {}) =>
  execFileSync('git', args, {
    cwd: folder,
    input,
    env: { ...gitEnvironment, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  })
const line = (...given: Parameters<typeof git>) =>
  git(...given)
    .toString('utf8')
    .trim()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-writing-'))
  git(['init', '-q', '--bare'])
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Objects that git itself is asked about, so that there are not many. */
const RUNS = { numRuns: 25 }

describe('objects that the server writes are git’s own', () => {
  it('holds a blob under the id that git gives it, seen at once by who reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        const sha = await writeObject(folder, 'blob', Buffer.from(bytes))
        expect(sha).toBe(line(['hash-object', '--stdin'], Buffer.from(bytes)))
        expect((await readObject(folder, sha))!.bytes.equals(bytes)).toBe(true)
      }),
      RUNS,
    )
  })

  it('writes a tree as git mktree does, whatever its names', async () => {
    const sha = await writeObject(folder, 'blob', 'x')
    const tree = await writeObject(folder, 'tree', treeObject([{ mode: '100644', name: 'x', sha }]))
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '0', 'ä', ' ', '~'), minLength: 1 })
    const isName = (text: string) => text !== '.' && text !== '..'
    const names = fc.uniqueArray(fc.tuple(name.filter(isName), fc.boolean()), { selector: ([text]) => text })
    await fc.assert(
      fc.asyncProperty(names, async (given) => {
        const lines = given.map(([text, isFolder]) => ({
          mode: isFolder ? '40000' : '100644',
          name: toBytes(text),
          sha: isFolder ? tree : sha,
        }))
        const input = given.map(([text, isFolder]) =>
          isFolder ? `040000 tree ${tree}\t${text}\0` : `100644 blob ${sha}\t${text}\0`,
        )
        const bytes = treeObject(lines)
        expect(await writeObject(folder, 'tree', bytes)).toBe(line(['mktree', '-z'], input.join('')))
        expect(treeObject(parseTreeObject(bytes)).equals(bytes)).toBe(true)
      }),
      RUNS,
    )
  })

  it('writes a commit as git commit-tree does, signed and not', async () => {
    const tree = await writeObject(folder, 'tree', treeObject([]))
    const text = fc.string({ unit: fc.constantFrom('a', 'Ö', ' ', '.', '<', '\n', '"', '\t', ',', '中') })
    const person = fc.record({
      name: text.map((name) => `n${name}`),
      email: text,
      date: fc
        .tuple(fc.integer({ min: 1e5, max: 4e9 }), fc.constantFrom('Z', '+00:00', '+0530', '-08:00'))
        .map(isoDate),
    })
    let parents: string[] = []
    await fc.assert(
      fc.asyncProperty(person, person, text, async (author, committer, message) => {
        const sha = await commitTree(folder, { tree, parents, message, author, committer })
        const env = {
          ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: author.date },
          ...{ GIT_COMMITTER_NAME: committer.name, GIT_COMMITTER_EMAIL: committer.email },
          GIT_COMMITTER_DATE: committer.date,
        }
        const options = parents.flatMap((parent) => ['-p', parent])
        expect(sha).toBe(line(['commit-tree', tree, ...options, '-F', '-'], message, env))
        const sign = () => '-----BEGIN SIGNATURE-----\n\nabc\n-----END SIGNATURE-----'
        const signed = await commitTree(folder, { tree, parents, message, author, committer }, sign)
        expect(line(['show', '-s', '--format=%T %P', signed])).toBe([tree, ...parents].join(' '))
        expect(git(['cat-file', 'commit', signed]).toString()).toContain(
          '\ngpgsig -----BEGIN SIGNATURE-----\n \n abc\n',
        )
        parents = [sha, signed]
      }),
      RUNS,
    )
  })

  it('leaves nothing that git fsck finds fault with', () => {
    expect(git(['fsck', '--strict', '--no-dangling', '--no-progress']).toString()).toBe('')
  })
})

/** In the words of ISO 8601, with that zone at its end. */
function isoDate([seconds, zone]: [number, string]): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${zone}`
}

it('takes the names of refs that git check-ref-format takes', () => {
  const part = fc.string({
    unit: fc.constantFrom('a', '.', '/', '@', '{', '-', '~', '*', '\\', ' ', '.lock', '\x7f', 'ö'),
  })
  fc.assert(
    fc.property(part, fc.constantFrom('refs/heads/', 'refs/', ''), (text, start) => {
      const ref = start + text
      fc.pre(!ref.startsWith('-'))
      expect(isRefName(ref)).toBe(isTaken(ref))
    }),
    { numRuns: 60 },
  )
})

function isTaken(ref: string): boolean {
  try {
    git(['check-ref-format', ref])
    return true
  } catch {
    return false
  }
}
