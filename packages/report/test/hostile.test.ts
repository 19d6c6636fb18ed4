import type { DataChanges, Predicate } from '@modelyard/spec'
import fc from 'fast-check'
import { marked, type Token } from 'marked'
import { describe, expect, it } from 'vitest'
import {
  escapeHtml,
  escapeMarkdown,
  renderReplay,
  renderReport,
  renderStepSummary,
  renderTerminal,
} from '../src/index.ts'
import { hostile } from './hostile-text.ts'
import * as given from './records.ts'
import { dataChanges, evidence, richGate } from './rich-records.ts'

/** What stands beside metrics and slices, with every text of it from the data. */
function everywhere(text: string): Partial<Predicate<'gate'>> {
  const { fairness, behaviour, weakest, changed } = richGate().predicate
  return {
    fairness: fairness!.map((each) => ({
      ...each,
      by: text,
      groups: each.groups.map((group) => ({ ...group, name: text })),
    })),
    behaviour: behaviour!.map((each) => ({ ...each, column: text, change: text, reason: text })),
    weakest: weakest!.map((each) => ({ ...each, where: text })),
    changed: { ...changed!, gathered: changed!.gathered!.map((each) => ({ ...each, where: text })) },
    data_changes: changesOf(text),
  }
}

/** Changes of the training data in which every text is from the data. */
function changesOf(text: string): DataChanges {
  const picture = { labels: [text, text], before: [0.5, 0.5], after: [0.5, 0.5] }
  const values = [{ name: text, rows: 30 }]
  const facts = { type: text, nulls: 1, distinct: 1, min: text, max: text, mean: 1, lengths: null }
  return {
    ...dataChanges,
    changed: dataChanges.changed.map((each) => ({
      ...each,
      name: text,
      reason: text,
      hint: text,
      picture,
      new_categories: values,
      lost_categories: values,
    })),
    added: [text],
    lost: [text],
    retyped: [text],
    summaries: [
      { name: text, reasons: [text, text], before: facts, after: facts },
      { name: 'b', masked: true, reasons: [], before: facts, after: facts },
    ],
  }
}

/** A report in which everything that may be hostile is. */
function reportOf(text: string): string {
  const { predicate } = richGate()
  const checks = given.brokenChecks.map((check) => ({ ...check, column: text, expected: text, found: text }))
  return renderReport(
    {
      model: predicate.model,
      validation: given.validation({
        changes: [
          { ...changesOf(text), since: 'champion', name: text },
          { ...changesOf(text), since: 'base', name: text },
        ],
        verdict: 'warn',
        reasons: [text],
        evidence: evidence.map((each) => ({ ...each, sentence: text })),
        checks: checks.map((check) => ({ ...check, verdict: 'warn' as const })),
      }),
      training: given.training({
        command: text,
        code: [{ name: text, sha256: 'a'.repeat(64), bytes: 1 }],
      }),
      gate: richGate({
        ...everywhere(text),
        reasons: [text],
        champion: { ...predicate.champion!, version: text, stage: text },
        gates: predicate.gates.map((gate) => ({ ...gate, reason: text, written: text })),
        slices: predicate.slices.map((slice) => ({
          ...slice,
          name: text,
          reason: text,
          candidate: given.estimate(null),
        })),
      }),
    },
    { replay: [text], listChanged: text, modelFile: text, commit: text },
  ).markdown
}

function replayOf(text: string): string {
  const difference = { what: text, recorded: text, replayed: text }
  return renderReplay(
    {
      kind: 'gate',
      model: text,
      same: false,
      digest: { recorded: text, replayed: text },
      verdict: { recorded: 'pass', replayed: 'fail' },
      differences: [difference],
      notes: [text],
    },
    { color: false },
  )
}

/** Tags that the renderer writes itself. */
const OURS = /^<\/?(?:details|summary|sub|code|b)(?: open)?>$|^<br>$/

function* tokensOf(tokens: Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token
    if ('tokens' in token && token.tokens) yield* tokensOf(token.tokens)
    if (token.type === 'list') yield* tokensOf(token.items)
    if (token.type === 'table') for (const cell of [...token.header, ...token.rows.flat()]) yield* tokensOf(cell.tokens)
  }
}

describe('text from data', () => {
  it('brings no tag of its own, no link, no image, and ends no table, fence or details early', () => {
    const shape = (of: Token[]) =>
      of.filter(({ type }) => ['table', 'heading', 'code'].includes(type)).map(({ type }) => type)
    const plain = shape([...tokensOf(marked.lexer(reportOf('plain')))])
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = [...tokensOf(marked.lexer(reportOf(text)))]
        const foreign = tokens.filter(({ type }) => ['image', 'link', 'def', 'hr', 'blockquote'].includes(type))
        const tags = tokens.flatMap(({ type, raw }) => (type === 'html' ? [...raw.matchAll(/<[^>]*>/g)] : []))
        expect(foreign.map(({ raw }) => raw)).toEqual([])
        expect(tags.map(([tag]) => tag).filter((tag) => !OURS.test(tag))).toEqual([])
        expect(shape(tokens)).toEqual(plain)
      }),
      { numRuns: 100 },
    )
  })

  it('keeps every row of a table at its number of cells', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const unfenced = reportOf(text).replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '')
        for (const block of unfenced.split('\n\n')) {
          if (!block.startsWith('|')) continue
          const cells = block.split('\n').map((line) => line.split('|').length)
          expect(new Set(cells).size).toBe(1)
        }
      }),
    )
  })

  it('mentions nobody and refers to nothing', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const escaped of [escapeMarkdown(text), escapeHtml(text)]) {
          expect(escaped).not.toMatch(/@[A-Za-z0-9]/)
          expect(escaped).not.toMatch(/(?<!&)#\d/)
          expect(escaped).not.toMatch(/:\/\/|www\./i)
          expect(escaped).not.toMatch(/\b[\da-f]{40}\b|\ba5c3785\b|:[a-z_]{2,}:|:\+1:/)
          expect(escaped).not.toMatch(/[\u00ad\u2060]|[\u{e0000}-\u{e007f}]/u)
          expect(escaped).not.toMatch(/[<>\n\r\u001b\u202e\ud800-\udbff](?![\udc00-\udfff])/)
        }
        expect(escapeMarkdown(text)).not.toContain('|')
      }),
    )
  })

  it.each(['a5c3785', 'a5c3785__', '__a5c3785', '_a5c3785ed8d6a35868bc169f07e40e889087fd2e_', '__GH-1'])(
    'breaks a reference between underscores, which markdown takes away: %s',
    (text) => {
      expect(escapeMarkdown(text)).toContain('\u200b')
      expect(escapeHtml(text)).toContain('\u200b')
    },
  )

  it('shows as itself once markdown is read', () => {
    const text = 'a_b*c* [x](y) <b>1 < 2</b> & `code` | $5 ~ \\ # 2001-06-01T05:23:00 of 1234567 rows'
    const shown = marked.parseInline(escapeMarkdown(text)) as string
    const read = shown
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#124;/g, '|')
      .replace(/&#36;/g, '$')
      .replace(/&amp;/g, '&')
    expect(read).toBe(text)
  })

  it('steers no terminal and gives the runner no command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const gate = given.worseGate({ reasons: [text.toWellFormed()] })
        const failure = given.failure('train', text.toWellFormed())
        const terminal = [gate, failure, given.training({ command: text.toWellFormed() })].map((record) =>
          renderTerminal(record),
        )
        for (const shown of [...terminal, replayOf(text.toWellFormed())]) {
          expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
          expect(shown).not.toMatch(/^\s*(?:::|##\[)/m)
        }
      }),
    )
  })

  it('links only to http and https', () => {
    const registration = {
      ...given.registration,
      predicate: { ...given.registration.predicate, url: 'javascript:alert(1)' },
    }
    expect(renderStepSummary(registration)).not.toContain('javascript')
  })
})
