import { artifactName, UserError } from '@modelyard/spec'
import { describe, expect, it, vi } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import {
  answer,
  bodyOf,
  frozen,
  type Given,
  honest,
  MODEL,
  type Published,
  plan,
  published,
  pull,
} from './answered-run.ts'

vi.mock('@modelyard/report', async (original) => {
  const report = await original<typeof import('@modelyard/report')>()
  return {
    ...report,
    renderReport: (...[records, context]: Parameters<typeof report.renderReport>) => {
      if (records.model === 'unrenderable') throw new RangeError('too much of it')
      return report.renderReport(records, context)
    },
  }
})

describe('what a run before claimed', () => {
  const stands = '<!-- modelyard:claims -->\nA fork’s claim: all is well'
  const claim = { id: 1, name: 'models (claims)', external_id: 'models (claims)', conclusion: 'neutral' }
  const checks = [{ ...claim, output: { title: 'well', summary: 'well', annotations_count: 0 } }]
  const bomb = { name: artifactName(MODEL, 'gate'), archive: zip({ 'gate.json': '0'.repeat(20_000_000) }) }

  it.each([
    ['leaves no record', [], {}, /no job of .* left a record/],
    [
      'leaves too many',
      Array.from({ length: 82 }, (_, at) => published('gate', '{}', `m${at}`)),
      {},
      /left 82 records/,
    ],
    ['leaves what cannot be read', [bomb], {}, /is no record that can be shown/],
    ['names too long a model', [plan(['z'.repeat(300)])], {}, /the plan record is broken/],
    ['may have been for two pull requests', [], { pulls: [pull(), pull({ number: 4 })] }, /\\#3 and .*\\#4|both bring/],
  ] as Array<[string, Published[], Given, RegExp]>)(
    'does not go on standing where the next %s',
    async (_, artifacts, given, words) => {
      const { written, error } = await answer(artifacts, { ...given, stands, checks })
      expect(error === undefined || error instanceof UserError).toBe(true)
      const count = given.pulls?.length ?? 1
      const paths = written.map(({ path }) => path)
      expect(paths).toEqual(Array(count).fill(['/issues/comments/7', '/check-runs/1']).flat())
      const body = String(written[0]!.body.body)
      expect(body).toContain("### ❌ A fork's claim: nothing about its newest commit `bbbbbbb`")
      expect(body.replaceAll('\u200b', '')).toMatch(words)
      expect(body).not.toContain('all is well')
      expect(written[1]!.body.conclusion).toBe('failure')
    },
  )
})

describe('records that are made to break the report', () => {
  const changed = async (change: (gate: Record<string, unknown>) => void) => {
    const record = JSON.parse((await frozen('gate')).replaceAll(`"${MODEL}"`, '"zz"'))
    change(record.predicate)
    const others = ['validation', 'training'].map(async (kind) =>
      published(kind, (await frozen(kind)).replaceAll(`"${MODEL}"`, '"zz"'), 'zz'),
    )
    return [...(await honest()), ...(await Promise.all(others)), published('gate', JSON.stringify(record), 'zz')]
  }
  const NONE = { value: 0, low: 0, high: 0 }
  const sha256 = 'a'.repeat(64)

  it.each<[string, (gate: Record<string, unknown>) => void]>([
    [
      'groups',
      (gate) => {
        const groups = Array.from({ length: 60_000 }, () => ({ name: '', rows: 0, rate: NONE }))
        const of = { metric: 'demographic_parity_difference', by: 'g', rate: 'selection_rate', p_value: null }
        gate.fairness = [{ ...of, groups, left_out: { groups: 0, rows: 0 }, candidate: NONE, champion: null }]
      },
    ],
    [
      'bins of a picture',
      (gate) => {
        const picture = { labels: ['x'], before: Array(1_000_000).fill(0), after: [1] }
        const column = { name: 'a', kind: 'number', reason: 'r', measures: [], picture }
        const data = { reference: { sha256, rows: 1 }, data: { sha256, rows: 1 }, compared: 1, more: 0 }
        gate.data_changes = { ...data, changed: [column], added: [], lost: [], retyped: [] }
      },
    ],
    [
      'gates',
      (gate) => {
        const of = { metric: 'roc_auc', rule: 'min', limit: 0, written: '', verdict: 'fail' }
        gate.gates = Array.from({ length: 19_000 }, () => ({ ...of, reason: '', rows_needed: null }))
      },
    ],
  ])('by very many %s are shown, or do not count', async (_, change) => {
    const outcome = await answer(await changed(change))
    expect(outcome.error).toBeUndefined()
    expect(outcome.written.map(({ path }) => path)).toEqual(['/issues/3/comments', '/check-runs'])
    expect(bodyOf(outcome)).toMatch(/`zz`/)
  })

  it('and break it after all are a sentence, and nothing is posted, not of the other models either', async () => {
    const outcome = await answer([...(await honest()), plan([MODEL, 'unrenderable'])], { stands: 'somebody' })
    expect(outcome.error).toBeInstanceOf(UserError)
    expect(String(outcome.error)).toMatch(/left cannot be shown: too much of it\. Look at that run/)
    expect(outcome.written).toEqual([])
  })
})
