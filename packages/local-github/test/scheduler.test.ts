import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Concurrency, enterLine, holdsGroup, leaveLine } from '../src/scheduler/concurrency.ts'
import { readDispatchInputs } from '../src/scheduler/dispatch-inputs.ts'
import { evaluateCondition, evaluateTemplate } from '../src/scheduler/expressions.ts'
import { isSkipped } from '../src/scheduler/filters.ts'
import { expandMatrix, matrixJobName } from '../src/scheduler/matrix.ts'
import { matchesPatterns } from '../src/scheduler/patterns.ts'
import { defaultPermissions, excessOf, jobPermissions } from '../src/scheduler/permissions.ts'
import { createClock } from '../src/store/clock.ts'
import { createStore } from '../src/store/store.ts'

describe('filter patterns', () => {
  it.each([
    ['main', 'main', true],
    ['releases/*', 'releases/a', true],
    ['releases/*', 'releases/a/b', false],
    ['releases/**', 'releases/a/b', true],
    ['**.js', 'a/b.js', true],
    ['docs/**/*.md', 'docs/a.md', true],
    ['*.jsx?', 'page.js', true],
    ['v[12].[0-9]+', 'v1.10', true],
    ['v[12].[0-9]+', 'v3.1', false],
    ['a.b', 'axb', false],
    ['+a[', '+a[', true],
    ['**/x', 'ax', false],
    ['**/x', 'a/b/x', true],
  ])('%s holds for %s: %s', (pattern, name, expected) => {
    expect(matchesPatterns([pattern], name)).toBe(expected)
  })

  it('are quick, whoever wrote them', () => {
    expect(matchesPatterns([`${'*a'.repeat(60)}b`, '**/'.repeat(60)], 'a'.repeat(3000))).toBe(false)
  })

  it('take back what a ! names, in order', () => {
    expect(matchesPatterns(['**', '!docs/**'], 'docs/a')).toBe(false)
    expect(matchesPatterns(['**', '!docs/**', 'docs/keep'], 'docs/keep')).toBe(true)
  })
})

describe('a commit', () => {
  it.each([
    ['Fix [skip ci]', true],
    ['Fix [actions skip] it', true],
    ['Fix\n\nskip-checks: true\n', true],
    ['Fix [skip] ci', false],
  ])('that says %j starts runs of push and pull_request: not %s', (message, skipped) => {
    expect(isSkipped('push', message)).toBe(skipped)
    expect(isSkipped('pull_request', message)).toBe(skipped)
    expect(isSkipped('pull_request_target', message)).toBe(false)
  })
})

describe('a matrix', () => {
  // The example of GitHub's own documentation.
  it('is extended by include where nothing is overwritten, else enlarged', () => {
    const include = [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]
    const combinations = expandMatrix({ fruit: ['apple', 'pear'], animal: ['cat', 'dog'], include })
    expect(combinations.map(({ values }) => values)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ])
  })

  it('leaves out what exclude names', () => {
    const matrix = { os: ['a', 'b'], node: [1, 2], exclude: [{ os: 'a', node: 2 }] }
    expect(namesOf(matrix)).toEqual(['t (a, 1)', 't (b, 1)', 't (b, 2)'])
  })
})

describe('the name of a matrix job', () => {
  it('shows the axes and their inner values, not what an include adds, in a hundred characters', () => {
    expect(
      namesOf({
        os: ['a'],
        include: [
          { os: 'a', extra: 1 },
          { os: 'b', extra: 2 },
        ],
      }),
    ).toEqual(['t (a)', 't (b, 2)'])
    expect(namesOf({ image: [{ name: 'x', tag: 3 }], empty: [''] })).toEqual(['t (x, 3)'])
    expect(namesOf({ long: ['y'.repeat(200)] })).toEqual([`t (${'y'.repeat(94)}...`])
  })
})

const namesOf = (matrix: Record<string, unknown>) => expandMatrix(matrix).map(({ shown }) => matrixJobName('t', shown))

describe('conditions', () => {
  const status = (success: boolean, failure = !success) => ({ success, failure, cancelled: false })

  it('need success unless they ask for a status themselves', () => {
    expect(evaluateCondition("github.ref == 'x'", { github: { ref: 'x' } }, status(false))).toBe(false)
    expect(evaluateCondition('always()', {}, status(false))).toBe(true)
    expect(
      evaluateCondition('${{ failure() && needs.a.result }}', { needs: { a: { result: 'failure' } } }, status(false)),
    ).toBe(true)
    expect(evaluateCondition(undefined, {}, status(true))).toBe(true)
    expect(evaluateCondition('!cancelled()', {}, status(false))).toBe(true)
  })

  it('keep the type of a lone expression', () => {
    expect(evaluateTemplate('${{ fromJSON(x) }}', { x: '[1,2]' })).toEqual([1, 2])
    expect(evaluateTemplate("a ${{ 1 }} ${{ 'b}}' }}", {})).toBe('a 1 b}}')
  })
})

describe('permissions', () => {
  it('are those of the job, else of the workflow, else to read contents; a fork never writes', () => {
    const otherwise = defaultPermissions('read')
    const granted = (job: unknown, workflow: unknown, fork = false) => jobPermissions(job, workflow, fork, otherwise)
    expect(granted(undefined, undefined)).toEqual({ contents: 'read', packages: 'read' })
    expect(granted({}, { contents: 'write' })).toEqual({})
    expect(granted(undefined, { issues: 'write' })).toEqual({ issues: 'write' })
    expect(granted('write-all', undefined)['id-token']).toBe('write')
    expect(granted('read-all', undefined)['id-token']).toBe('none')
    expect(granted({ contents: 'write', 'id-token': 'write' }, undefined, true)).toEqual({
      contents: 'read',
      'id-token': 'none',
    })
  })

  it('of a called workflow may be no more than those of the calling job', () => {
    const called = { raw: {}, jobs: { build: { permissions: { contents: 'write', checks: 'read' } } } }
    expect(excessOf(called, { contents: 'write', checks: 'write' })).toBeUndefined()
    expect(excessOf(called, { contents: 'read' })).toBe(
      "The nested job 'build' is requesting 'contents: write, checks: read', but is only allowed 'contents: read, checks: none'.",
    )
    expect(excessOf({ raw: { permissions: 'write-all' }, jobs: {} }, {})).toContain('The workflow is requesting')
  })
})

describe('dispatch inputs', () => {
  it('are typed, have defaults and are checked', () => {
    const declared = {
      n: { type: 'number', default: 3 },
      b: { type: 'boolean' },
      c: { type: 'choice', options: ['x'], default: 'x' },
    }
    expect(readDispatchInputs(declared, { b: 'true' })).toEqual({ ok: true, values: { n: 3, b: true, c: 'x' } })
    expect(readDispatchInputs(declared, { c: 'y' })).toMatchObject({ ok: false })
    expect(readDispatchInputs({ r: { required: true } }, { r: '' })).toMatchObject({ ok: false })
  })
})

describe('a concurrency group', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'concurrency-'))
  const hub = { store: createStore(folder), clock: createClock() }
  afterAll(async () => {
    hub.store.close()
    await rm(folder, { recursive: true })
  })
  const enter = (run: number, options: Partial<Concurrency> = {}) => {
    const wanted = { group: 'G', queue: 'single' as const, cancelInProgress: false, ...options }
    const { lease, replaced } = enterLine(hub, wanted, { repo: 1, run, attempt: 1, job: null })
    return { lease, replaced: replaced.map((other) => other.run) }
  }

  it('replaces who waits, keeps all with queue: max, and cancels the holder when told', () => {
    const first = enter(1)
    expect(enter(2).replaced).toEqual([])
    const third = enter(3)
    expect(third.replaced).toEqual([2])
    leaveLine(hub, first.lease)
    expect(holdsGroup(hub, third.lease)).toBe(true)
    expect(enter(4, { queue: 'max' }).replaced).toEqual([])
    expect(enter(5, { queue: 'max', group: 'g' }).replaced).toEqual([])
    expect(enter(6, { cancelInProgress: true }).replaced).toEqual([4, 5, 3])
  })
})
