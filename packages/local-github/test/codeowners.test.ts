import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownersOf, parseCodeowners } from '../src/git/codeowners.ts'
import { matchesGlob } from '../src/rules/glob.ts'

const owners = (text: string, path: string) => ownersOf(parseCodeowners(text), path)

describe('CODEOWNERS', () => {
  it.each([
    ['*', 'any/where.txt', true],
    ['*.js', 'deep/down/a.js', true],
    ['*.js', 'a.jsx', false],
    ['/build/logs/', 'build/logs/a/b.log', true],
    ['/build/logs/', 'x/build/logs/a.log', false],
    ['docs/*', 'docs/getting-started.md', true],
    ['docs/*', 'docs/build-app/troubleshooting.md', false],
    ['apps/', 'x/apps/a.txt', true],
    ['/docs/', 'docs/a/b.md', true],
    ['**/logs', 'build/logs/x', true],
    ['**/logs', 'deeply/nested/logs/x/y', true],
    ['/apps/github', 'apps/github/a', true],
    ['a\\ b.txt', 'a b.txt', true],
  ])('%s owns %s: %s', (pattern, path, owned) => {
    expect(owners(`${pattern} @ann`, path)).toEqual(owned ? ['@ann'] : [])
  })

  it('lets the last rule that fits decide, also one without owners', () => {
    const text = '# all\n* @ann @acme/ml # by default\n/models/ bob@example.com\n/models/free\n'
    expect(owners(text, 'a')).toEqual(['@ann', '@acme/ml'])
    expect(owners(text, 'models/a')).toEqual(['bob@example.com'])
    expect(owners(text, 'models/free')).toEqual([])
  })

  it('leaves lines with errors out, and says where they are', () => {
    const { rules, errors } = parseCodeowners('* user\n!a @ann\n/ @ann\nb @ann\n')
    expect(rules.map(({ pattern }) => pattern)).toEqual(['b'])
    expect(errors).toMatchObject([
      { line: 1, column: 3, kind: 'Invalid owner', message: 'Invalid owner on line 1:\n\n  * user\n    ^' },
      { line: 2, column: 1, kind: 'Invalid pattern' },
      { line: 3, kind: 'Invalid pattern', suggestion: expect.stringContaining('did you mean `*` instead?') },
    ])
  })
})

describe('patterns of refs', () => {
  it.each([
    ['refs/heads/releases/**/*', 'refs/heads/releases/1', true],
    ['refs/heads/releases/**/*', 'refs/heads/releases/1/2/3', true],
    ['refs/heads/releases/*', 'refs/heads/releases/1/2', false],
    ['refs/tags/v?.[0-9]', 'refs/tags/v1.2', true],
    ['refs/tags/v[!0-9]', 'refs/tags/v1', false],
    ['refs/heads/a\\*', 'refs/heads/a*', true],
    ['refs/heads/a\\*', 'refs/heads/ab', false],
  ])('%s and %s: %s', (pattern, ref, fits) => {
    expect(matchesGlob(pattern, ref)).toBe(fits)
  })

  it('fit as the regular expression of the same meaning does', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    })
    const names = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(parts, names, (given, name) => {
        const pattern = given.map((part) => part.replace(/\*+/g, '*')).join('/')
        const source = pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')
        expect(matchesGlob(pattern, name.join('/'))).toBe(new RegExp(`^${source}$`).test(name.join('/')))
      }),
    )
  })

  it('are held against long names quickly, however they are made', () => {
    const start = performance.now()
    expect(matchesGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(200))).toBe(false)
    expect(matchesGlob(`${'**/'.repeat(40)}b`, 'a/'.repeat(100))).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
