import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { releaseNotes } from '../src/release/notes.ts'
import { compareVersions, formatVersion, nextVersion, parseVersion, readChoice } from '../src/release/version.ts'

const change = (subject: string, body = '') => ({ sha: 'abcdef0123456789', subject, body })
const version = fc.tuple(fc.nat(), fc.nat(), fc.nat())

describe('a version', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(version, (each) => {
        expect(parseVersion(formatVersion(each))).toEqual(each)
      }),
    )
    for (const text of ['1.2', 'v1.2.3-rc.1', '01.2.3', '', 'latest']) expect(parseVersion(text)).toBeUndefined()
  })

  it('that follows is higher, whatever is chosen', () => {
    const choice = fc.constantFrom('auto' as const, 'major' as const, 'minor' as const, 'patch' as const)
    const subject = fc.constantFrom('Add a thing', 'fix: a thing', 'feat!: a thing', 'Say it better')
    fc.assert(
      fc.property(choice, version, fc.array(subject, { minLength: 1 }), (chosen, newest, subjects) => {
        expect(
          compareVersions(
            nextVersion(
              chosen,
              newest,
              subjects.map((each) => change(each)),
            ),
            newest,
          ),
        ).toBeGreaterThan(0)
      }),
    )
  })

  it.each([
    [['Say it better'], '1.2.4'],
    [['Mend a thing', 'Say it better'], '1.2.4'],
    [['Mend a thing', 'Add a thing'], '1.3.0'],
    [['feat(cli): a thing', 'fix: a thing'], '1.3.0'],
    [['Add a thing', 'feat!: another'], '2.0.0'],
  ])('after %j is %s', (subjects, expected) => {
    const next = nextVersion(
      'auto',
      [1, 2, 3],
      subjects.map((each) => change(each)),
    )
    expect(formatVersion(next)).toBe(`v${expected}`)
  })

  it('below 1.0.0 raises the minor number for what breaks', () => {
    expect(nextVersion('auto', [0, 4, 1], [change('Change a thing', 'BREAKING CHANGE: it is gone')])).toEqual([0, 5, 0])
  })

  it('is the first one where there is none', () => {
    expect(nextVersion('auto', undefined, [])).toEqual([1, 0, 0])
    expect(nextVersion([0, 1, 0], undefined, [])).toEqual([0, 1, 0])
  })

  it.each(['1.2', 'newest', '', '1.0.0-rc.1'])('cannot be %j', (choice) => {
    expect(() => readChoice(choice)).toThrow(/it must be auto, major, minor, patch or a version like 1\.2\.3\.$/)
  })

  it('is not made of nothing', () => {
    expect(() => nextVersion('auto', [1, 0, 0], [])).toThrow(/^Nothing changed since v1\.0\.0:/)
  })
})

describe('the notes', () => {
  it('have a line for each change, gravest first, and how to pin', () => {
    const changes = ['Say it <b>better</b>', 'fix(cli): a thing', 'Add a thing', 'feat!: another'].map((each) =>
      change(each),
    )
    expect(releaseNotes(changes, { version: 'v2.0.0', actions: 'f00', previous: 'v1.9.0' })).toBe(`Changes since v1.9.0.

### What you have to change

- another (abcdef0)

### New

- Add a thing (abcdef0)

### Mended

- a thing (abcdef0)

### Other changes

- Say it &lt;b&gt;better&lt;/b&gt; (abcdef0)

To pin an action to this release: \`uses: modelyard/modelyard/actions/<action>@f00 # v2.0.0\`
`)
  })

  it.each([
    ['Add @org/team', '@org'],
    ['Add [a way](https://evil.example)', /[^\\]\]\(/],
    ['Add ![a picture](//evil.example/x.png)', /[^\\]\[/],
    ['Add https://evil.example', '://'],
    ['Add `a\u202eb`', /\u202e|[^\\]`a/],
  ])('shows a subject as it is, and obeys nothing in it: %j', (subject, obeyed) => {
    const notes = releaseNotes([change(subject)], { version: 'v1.0.0', actions: 'f00', previous: undefined })
    expect(notes).toMatch(/^- Add .* \(abcdef0\)$/m)
    expect(notes).not.toMatch(obeyed)
  })

  it('leave no change out', () => {
    const subjects = fc.array(fc.constantFrom('Add a thing', 'Mend a thing', 'feat!: a thing', 'Say it better', ''))
    fc.assert(
      fc.property(subjects, (each) => {
        const notes = releaseNotes(
          each.map((subject) => change(subject)),
          { version: 'v1.0.0', actions: 'f00', previous: undefined },
        )
        expect(notes.match(/^- /gm) ?? []).toHaveLength(each.length)
      }),
    )
  })
})
