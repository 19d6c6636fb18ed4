import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedBy } from '../src/issues/closing.ts'
import { findPlace, followLine, hunkOf, parsePatch } from '../src/pulls/diff.ts'

const PATCH = `@@ -1,3 +1,4 @@
 a
-b
+B
+new
 c
@@ -10,2 +11,1 @@ def f():
 j
-k
\\ No newline at end of file`

describe('a diff', () => {
  const lines = parsePatch(PATCH)

  it('has a position for each line below its first @@, and a number on each side that has the line', () => {
    expect(findPlace(lines, { line: 3 })).toMatchObject({ position: 4, side: 'RIGHT' })
    expect(findPlace(lines, { line: 11, side: 'LEFT' })).toMatchObject({ position: 8 })
    expect(findPlace(lines, { position: 2 })).toMatchObject({ line: 2, side: 'LEFT' })
    expect(hunkOf(lines, findPlace(lines, { line: 2 })!)).toBe('@@ -1,3 +1,4 @@\n a\n-b\n+B')
  })

  it('gives no place to what it does not show, nor to a range over two hunks', () => {
    for (const asked of [{ line: 7 }, { line: 11, start_line: 1 }, { line: 2, start_line: 2 }, { position: 6 }, {}])
      expect(findPlace(lines, asked)).toBeUndefined()
  })

  it('says where each line that was kept has gone', () => {
    const edits = fc.array(fc.constantFrom('keep', 'drop', 'add'), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(edits, (kinds) => {
        const marks = { keep: ' ', drop: '-', add: '+' } as const
        const patch = parsePatch(['@@ -1 +1 @@', ...kinds.map((kind) => `${marks[kind]}x`)].join('\n'))
        let [left, right] = [0, 0]
        for (const kind of kinds) {
          if (kind !== 'add') left++
          if (kind !== 'drop') right++
          if (kind !== 'add') expect(followLine(patch, left)).toBe(kind === 'keep' ? right : undefined)
        }
        expect(followLine(patch, left + 5)).toBe(right + 5)
      }),
    )
  })
})

it('reads which issues a text closes', () => {
  const text =
    'Fixes #1, closes: acme/model#2 and RESOLVED http://x/acme/model/issues/3; see #4, fixes other/repo#5, prefix #6'
  expect(closedBy(text, 'Acme/model')).toEqual([1, 2, 3])
})
