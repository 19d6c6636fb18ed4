import { describe, expect, it } from 'vitest'
import { findTraps, findTrapsOfDrafts, type TagFact, type Trap } from '../src/index.ts'
import type { LoggedEvent } from '../src/traps/trap.ts'

const commit = (letter: string) => letter.repeat(40)

/** A tag of ours at a commit, so many seconds into a day. */
function fact(name: string, letter: string, seconds: number, more: Partial<TagFact> = {}): TagFact {
  const time = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
  const message = `${name}\n\nModel-Digest: ${commit(letter)}`
  return { name, object: commit('0'), target: commit(letter), time, actor: 'ada', message, ...more }
}

const TWO = [fact('m@v1.0.0', 'a', 1), fact('m@v2.0.0', 'b', 2)]
const LIVE = [...TWO, fact('m#prod#1', 'a', 3), fact('m#prod#2', 'b', 4)]

const entry = (tag: string, letter: string, more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  ...{ model: 'm', entry: commit('e'), tag, commit: commit(letter), isTip: false, isDraft: false },
  ...more,
})
const LOGS = LIVE.map(({ name, target }) => entry(name, target[0]!))

/** One for each kind: what is found, of which tags, and what would mend it. */
const CASES: Array<[kind: Trap['kind'], facts: TagFact[], expected: Partial<Trap>[], logs?: LoggedEvent[]]> = [
  ['created tag', [...LIVE, fact('m@created', 'a', 0)], [{ level: 'fail', tags: ['m@created'] }]],
  [
    'not a commit',
    [
      ...LIVE,
      fact('m@v3.0.0', 'c', 5, { object: null, names: 'tree' }),
      fact('m#x', 'c', 5, { object: null, names: 'tag' }),
    ],
    [
      { level: 'fail', tags: ['m@v3.0.0'] },
      { level: 'warn', tags: ['m#x'] },
    ],
  ],
  ['lightweight tag', [...LIVE, fact('m@v3.0.0', 'c', 0, { object: null })], [{ level: 'warn', tags: ['m@v3.0.0'] }]],
  ['not in the grammar', [...LIVE, fact('m@v3', 'c', 5), fact('other@1.0.0', 'c', 5)], [{ tags: ['m@v3'] }]],
  [
    'versions on one commit',
    [...TWO, fact('m@v2.0.1', 'b', 3), fact('n@v1.0.0', 'b', 1)],
    [{ level: 'warn', model: 'm', tags: ['m@v2.0.0', 'm@v2.0.1'] }],
  ],
  [
    'versions on one commit',
    [...LIVE, fact('m@v2.0.1!', 'b', 5)],
    [{ level: 'fail', tags: ['m@v2.0.0', 'm#prod#2', 'm@v2.0.1!'] }],
  ],
  ['registered twice', [...LIVE, fact('m@v1.0.0#3', 'c', 5)], [{ tags: ['m@v1.0.0', 'm@v1.0.0#3'] }]],
  ['not by Modelyard', [...LIVE, fact('m@v3.0.0', 'c', 5, { message: 'v3' })], [{ tags: ['m@v3.0.0'] }]],
  [
    'disagreement',
    [...LIVE, fact('m#prod!#3', 'b', 5)],
    [{ remedy: { do: 'unassign', model: 'm', stage: 'prod', version: 'v1.0.0', after: 'm#prod!#3' } }],
  ],
  [
    'disagreement',
    [...TWO, fact('m#prod#1', 'a', 3), fact('m#prod#2', 'b', 3)],
    [{ remedy: { do: 'assign', model: 'm', stage: 'prod', version: 'v2.0.0', after: 'm#prod#2' } }],
  ],
  [
    'equal seconds',
    [...TWO, fact('m#prod#1', 'a', 3), fact('m#prod#2', 'b', 3), fact('m#prod#3', 'b', 9)],
    [{ tags: ['m#prod#1', 'm#prod#2'] }],
  ],
  [
    'order of counters',
    [...TWO, fact('m#prod#2', 'b', 3), fact('m#prod#1', 'a', 9)],
    [{ tags: ['m#prod#2', 'm#prod#1'] }],
  ],
  [
    'moved version',
    [
      fact('m@v1.0.0', 'c', 1),
      fact('m#prod#1', 'a', 3, { message: 'Assigning stage prod to artifact m version v1.0.0' }),
    ],
    [{ level: 'fail', tags: ['m@v1.0.0', 'm#prod#1'] }],
  ],
  ['unregistered commit', [...TWO, fact('m#prod#1', 'c', 3)], [{ level: 'warn', tags: ['m#prod#1'] }]],
  [
    'unfinished event',
    LIVE.slice(0, 3),
    [{ tags: ['m#prod#2'], remedy: { do: 'finish', model: 'm' } }],
    LOGS.map((each, index) => ({ ...each, isTip: index === 3 })),
  ],
  [
    'unfinished event',
    TWO,
    [{ tags: ['m@v2.0.0'], remedy: { do: 'finish', model: 'm' } }],
    LOGS.slice(0, 2).map((each, index) => ({ ...each, isTip: index === 1, isDraft: index === 1 })),
  ],
  [
    'event without tag',
    LIVE.filter(({ name }) => name !== 'm#prod#1'),
    [{ level: 'fail', tags: ['m#prod#1'], remedy: { do: 'restore', model: 'm', tag: 'm#prod#1', entry: commit('e') } }],
    LOGS,
  ],
  [
    'another tag',
    [fact('m@v1.0.0', 'c', 1), ...LIVE.slice(1)],
    [{ level: 'fail', tags: ['m@v1.0.0'] }],
    // An entry that another tool's tag made void is of no account once the same name was announced again.
    [...LOGS, entry('m#prod#2', 'c'), entry('m#prod#2', 'b')],
  ],
  ['past the log', LIVE, [{ tags: ['m#prod#2'] }], LOGS.slice(0, 3)],
]

describe('the traps of a registry', () => {
  it.each(CASES)('%s', (kind, facts, expected, logs = []) => {
    const found = findTraps(facts, logs)
    expect(found.filter((trap) => trap.kind === kind)).toMatchObject(expected)
    for (const { finding, mend } of found)
      for (const text of [finding, mend]) expect(text).toMatch(/^[A-Za-z0-9].*[.\w'”]$/)
  })

  it('are none where Modelyard alone wrote, with its log and without', () => {
    expect(findTraps(LIVE)).toEqual([])
    expect(findTraps(LIVE, LOGS)).toEqual([])
  })

  it('are not tags that came after the logs were read', () => {
    const asOf = new Date(Date.UTC(2026, 0, 1) + 4500)
    expect(findTraps(LIVE, LOGS.slice(0, 3), asOf)).toEqual([])
    expect(findTraps(LIVE, LOGS.slice(0, 2), asOf)).toMatchObject([{ kind: 'past the log', tags: ['m#prod#1'] }])
  })

  it('are drafts to which no registration came back for a day, unless the log knows them', () => {
    const now = new Date('2026-01-02T00:00:00Z')
    const draft = { id: 7, model: 'm', tag: 'modelyard-draft/m/0', changed: '2026-01-01T00:00:00Z' }
    const remedy = { do: 'discard', model: 'm', release: 7, changed: draft.changed }
    expect(findTrapsOfDrafts([draft], LOGS, now)).toMatchObject([{ kind: 'abandoned draft', model: 'm', remedy }])
    expect(findTrapsOfDrafts([{ ...draft, changed: '2026-01-01T00:00:01Z' }], LOGS, now)).toEqual([])
    expect(findTrapsOfDrafts([{ ...draft, changed: null }], LOGS, now)).toEqual([])
    expect(findTrapsOfDrafts([draft], [entry('m@v1.0.0', 'a', { pending: draft.tag })], now)).toEqual([])
  })

  it('do not keep the other models from being looked at where gto reads nothing', () => {
    const facts = [...LIVE, fact('m@created', 'a', 0), fact('n#prod#1', 'c', 1)]
    expect(findTraps(facts).map(({ kind, model }) => [kind, model])).toEqual([
      ['created tag', 'm'],
      ['unregistered commit', 'n'],
    ])
  })
})
