import fc from 'fast-check'
import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { renderDriftCleared, renderRetrainPullRequest, renderStepSummary, renderTerminal } from '../src/index.ts'
import { bar, sparkline } from '../src/pictures/sparkline.ts'
import * as given from './records.ts'

const bytes = (text: string) => Buffer.byteLength(text, 'utf8')

describe('what a check for drift found', () => {
  it.each([
    ['moved', given.drift()],
    ['calm', given.calm()],
  ])('reads in a job summary and in a terminal: %s', async (name, record) => {
    await expect(`${renderStepSummary(record)}\n`).toMatchFileSnapshot(`fixtures/summary-drift-${name}.md`)
    await expect(`${renderTerminal(record)}\n`).toMatchFileSnapshot(`fixtures/terminal-drift-${name}.txt`)
  })

  it('says what it could not look at', () => {
    const [distance] = given.driftColumns
    const gone = { ...distance!, measures: [], trend: [], since: null, reason: 'Production has no column distance.' }
    const summary = renderStepSummary(given.drift({ columns: [gone], profile: null }))
    expect(summary).toContain('| `distance` | Production has no column distance. | | ❌ | | |')
    expect(summary).toContain('against nothing: its release keeps no profile')
    const few = given.drift({
      verdict: 'inconclusive',
      columns: [
        {
          ...distance!,
          verdict: 'inconclusive',
          measures: [
            {
              ...distance!.measures[0]!,
              value: null,
              p: null,
              usual: null,
              missing: 'Too few rows.',
              verdict: 'inconclusive',
            },
          ],
        },
      ],
    })
    expect(renderStepSummary(few)).toMatch(
      /^### 🟡 .*: not enough to tell whether production is like what v1\.1\.0 learned\n/,
    )
    expect(renderStepSummary(few)).toContain('| `distance` | KS | — | 🟡 — |')
  })
})

describe('the retrain pull request', () => {
  it('says what moved since when, and what merging does', async () => {
    const { title, markdown } = renderRetrainPullRequest(given.drift(), { candidate: given.gate(), retrain: 'auto' })
    expect(title).toBe('Retrain `flight-delay`: production data moved away from what v1.1.0 learned')
    await expect(`${markdown}\n`).toMatchFileSnapshot('fixtures/retrain.md')
  })

  it.each([
    [
      'is trained and good',
      { candidate: given.gate(), retrain: 'auto' },
      /\*\*A candidate is already trained\*\*.*better than v1\.0\.0.*\*\*Merging this pull request\*\* makes it the next version; the gate has decided/,
    ],
    [
      'is trained and not good enough',
      { candidate: given.worseGate(), retrain: 'auto' },
      /already trained\*\*.*not good enough.*The gate does not let it become the next version/,
    ],
    [
      'could not be trained',
      { retrain: 'auto' },
      /\*\*No candidate could be trained\*\*; the report in a comment says why\./,
    ],
    [
      'waits for the merge',
      { retrain: 'ask' },
      /Nothing is trained yet\. \*\*Merging this pull request\*\* starts the training/,
    ],
  ] as const)('says that the candidate %s', (_, context, said) => {
    expect(renderRetrainPullRequest(given.drift(), context).markdown).toMatch(said)
  })

  it('is closed with a sentence', () => {
    expect(renderDriftCleared(given.calm())).toBe(
      '✅ Production is again like what v1.1.0 learned: 115,012\u00a0rows of production from 2001-06-23 to 2001-06-30, against 892,311\u00a0rows of training data of v1.1.0. [The check](https://github.com/acme/flight-delay/actions/runs/42) closes this pull request; the next alarm opens a new one.',
    )
    expect(renderDriftCleared(given.drift({ verdict: 'warn' }))).toContain('no longer far from')
  })

  it('stays in its budget, with a title that fits, whatever the data are called', () => {
    const long = '😀|<`'.repeat(500)
    const [distance] = given.driftColumns
    const columns = Array.from({ length: 1000 }, (_, index) => ({
      ...distance!,
      name: `${index} ${long}`,
      reason: long,
      picture: { ...distance!.picture, labels: [long, long, long] },
    }))
    const { title, markdown } = renderRetrainPullRequest(
      given.drift({ columns, hints: [long], champion: { version: long, stage: null, sha256: 'c'.repeat(64) } }),
      { retrain: 'auto' },
    )
    expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
    expect(markdown).toMatch(/^### 📉 Retrain `flight-delay`/)
    expect(markdown).toContain('Shortened')
    expect([...title].length).toBeLessThanOrEqual(250)
    expect(bytes(renderStepSummary(given.drift({ columns })))).toBeLessThanOrEqual(1_000_000)
  })
})

describe('text from columns and categories', () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<img src=x>',
          '</details>',
          '@acme/all',
          '|',
          '\n',
          '`',
          '[a](http://x)',
          '::error::x',
          '##[error]',
          '\u001b[31m',
          '# ',
          '#1',
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('').toWellFormed())

  it('brings no tag, link, mention or command of its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const columns = given.driftColumns.map((column) => ({
          ...column,
          name: text,
          reason: text,
          picture: { ...column.picture, labels: column.picture.labels.map(() => text) },
        }))
        const record = given.drift({ columns, reasons: [text], hints: [text] })
        const { markdown } = renderRetrainPullRequest(record, { retrain: 'auto', runUrl: 'https://github.com/a/b' })
        for (const page of [markdown, renderStepSummary(record)]) {
          const html = marked.parse(page) as string
          for (const [tag] of html.matchAll(
            /<(?!\/?(?:details|summary|sub|code|b|strong|p|h3|ul|li|table|thead|tbody|tr|th|td|br|a)\b)[^>]*>/g,
          ))
            expect.fail(tag)
          const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => new URL(url!).host)
          expect(new Set(links)).toEqual(new Set(page === markdown ? ['github.com'] : []))
        }
        expect(renderTerminal(record)).not.toMatch(/^\s*(?:::|##\[)/m)
        expect(renderTerminal(record)).not.toContain('\u001b')
      }),
    )
  })
})

describe('the small pictures', () => {
  it('show what is not there as such, and the highest as full', () => {
    expect(sparkline([0, 0.05, null, 0.1, 0.2], 0.2)).toBe('▁▂·▃▇')
    expect(sparkline([0, 0], 0)).toBe('▁▁')
    expect([bar(0, 1), bar(0.001, 1), bar(0.5, 0.5), bar(0, 0)]).toEqual([
      '··········',
      '█·········',
      '██████████',
      '··········',
    ])
  })
})
