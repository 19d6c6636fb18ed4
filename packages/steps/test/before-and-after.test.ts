import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GitHubError } from '@modelyard/github'
import { canonicalJson, lets, type Predicate } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import { evaluate, register, replay, validateData } from '../src/index.ts'
import { checkout } from './support/checkout.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

/** Every number of a column of the training data, times a factor. */
async function scale(root: string, factor: number): Promise<void> {
  const path = join(root, 'data/train.csv')
  const [head, ...rows] = (await readFile(path, 'utf8')).trim().split('\n')
  const scaled = rows.map((row) => {
    const [id, a, ...others] = row.split(',')
    return [id, Number(a) * factor, ...others].join(',')
  })
  await writeFile(path, `${[head, ...scaled].join('\n')}\n`)
}

describe('a candidate that comes after a champion', () => {
  it('is told before training what its hold-out shows, and after it how its data changed; both are replayed', {
    timeout: 120_000,
  }, async () => {
    const { root, passed, trained, said } = await checkout(server, {
      'max_regression: 0.01 }': 'max_regression: 0.01 }\n    - { metric: brier_score, max_regression: 0.05 }',
    })
    const recorded = async (): Promise<Predicate<'validation'>> =>
      JSON.parse(await readFile(join(root, '.modelyard/toy/validation.json'), 'utf8')).predicate
    const first = await trained(0.5)
    expect((await recorded()).changes).toBeUndefined()
    await evaluate(first.context, first.model)
    await register(first.context, { model: 'model.yaml', version: 'auto' })

    // The same data: nothing has changed; and of how much models differ nothing is known, for the first version's gate compared nothing either.
    const second = await trained(2)
    expect(said.filter((line) => line.includes('the models differ'))).toEqual([])
    const same = (await evaluate(second.context, second.model)).predicate
    expect(same.verdict).toBe('pass')
    expect((await recorded()).changes).toMatchObject([
      { since: 'champion', name: 'v1.0.0', compared: 2, changed: [], reference: { rows: 1000 } },
    ])
    await register(second.context, { model: 'model.yaml', version: 'auto' })

    await scale(root, 3)
    const third = await trained(2.5)
    const [sentence] = said.filter((line) => line.includes('the models differ'))
    expect(sentence).toMatch(
      /^Brier score needs about [\d,]+ rows at a margin of 0\.05, if the models differ as v1\.\d\.\d did from v1\.0\.0; the hold-out has 2,000 rows/,
    )
    await evaluate(third.context, third.model)
    const { changes, evidence } = await recorded()
    expect(changes).toMatchObject([{ compared: 2, more: 0, added: [], lost: [], retyped: [] }])
    expect(changes![0]!.changed.map(({ name }) => name)).toEqual(['a'])
    expect(evidence).toHaveLength(1)

    // On another machine, without GitHub, from what the jobs published.
    const { github: _, ...offline } = third.context
    const folder = join(server.folder, 'downloaded')
    const replayed = (kind: string) => replay(offline, { record: join(folder, `${kind}.json`), model: 'model.yaml' })
    for (const kind of ['training', 'gate', 'validation'])
      await cp(join(passed, `modelyard-${kind}-toy`), folder, { recursive: true })
    await cp(join(root, '.modelyard/toy/champion'), join(folder, 'champion'), { recursive: true })
    await rm(join(root, '.modelyard'), { recursive: true })
    expect(await replayed('gate')).toMatchObject({ same: true, differences: [], notes: [] })
    expect(await replayed('validation')).toMatchObject({
      same: true,
      notes: [expect.stringMatching(/^How much models differ, and what the champion has, was not asked again/)],
    })
    // A gate record of a release in which evaluate made the comparison.
    const gate = JSON.parse(await readFile(join(folder, 'gate.json'), 'utf8'))
    const { since: _since, name: _name, summaries: _summaries, ...data_changes } = changes![0]!
    gate.predicate.data_changes = data_changes
    await writeFile(join(folder, 'gate.json'), canonicalJson(gate))
    await cp(join(folder, 'champion-reference.json'), join(folder, 'gate-reference.json'))
    expect(await replayed('gate')).toMatchObject({ same: true, differences: [], notes: [] })

    for (const profile of ['champion-reference.json', 'champion']) await rm(join(folder, profile), { recursive: true })
    const { same: still, notes } = await replayed('validation')
    expect(still).toBe(true)
    expect(notes[1]).toMatch(
      /^The training data were not compared again with v1\.\d\.\d; .* What v1\.\d\.\d learned of the digest/,
    )
  })

  it('is judged all the same where the champion has no profile, and the record says so', {
    timeout: 60_000,
  }, async () => {
    const { root, passed, trained } = await checkout(server)
    const first = await trained(0.5)
    await evaluate(first.context, first.model)
    expect((await readdir(join(passed, 'modelyard-validation-toy'))).sort()).toEqual([
      'profile.json',
      'validation.json',
    ])
    const published = join(passed, 'modelyard-validation-toy')
    const { predicate, ...statement } = JSON.parse(await readFile(join(published, 'validation.json'), 'utf8'))
    const { profile: _, ...without } = predicate
    await writeFile(join(published, 'validation.json'), JSON.stringify({ ...statement, predicate: without }))
    for (const folder of [published, join(root, '.modelyard/toy')]) await rm(join(folder, 'profile.json'))
    await register(first.context, { model: 'model.yaml', version: 'auto' })

    const second = await trained(2)
    expect((await evaluate(second.context, second.model)).predicate.verdict).toBe('pass')
    const record = join(root, '.modelyard/toy/gate.json')
    const validated = join(root, '.modelyard/toy/validation.json')
    const { changes } = JSON.parse(await readFile(validated, 'utf8')).predicate as Predicate<'validation'>
    expect(changes).toMatchObject([{ since: 'champion', reference: null, compared: 0, changed: [] }])
    expect(changes![0]!.reason).toMatch(/^toy v1\.0\.0 was registered without a profile of its training data/)
    expect(await replay(second.context, { record: validated, model: 'model.yaml' })).toMatchObject({
      same: true,
      notes: expect.arrayContaining([
        'The training data were not compared again with v1.0.0; what changed in them is as the record has it. The record names no profile that they were compared with.',
      ]),
    })

    const gate = join(passed, 'modelyard-gate-toy/gate.json')
    const judged = JSON.parse(await readFile(gate, 'utf8'))
    judged.predicate.champion.sha256 = 'e'.repeat(64)
    await writeFile(gate, JSON.stringify(judged))
    await writeFile(record, JSON.stringify(judged))
    await expect(register(second.context, { model: 'model.yaml', version: 'auto' })).rejects.toThrow(
      /^toy is not registered: the bytes that the candidate was compared with \(eeeeeeeeeeee\) are not those of v1\.0\.0/,
    )
  })

  it('is validated all the same where GitHub does not answer', { timeout: 60_000 }, async () => {
    const { trained, said } = await checkout(server)
    const { context, model } = await trained(0.5)
    const broken = new Proxy(context.github!, {
      get() {
        throw new GitHubError('GitHub could not be reached.', { status: 0 })
      },
    })
    const { verdict, evidence } = (await validateData({ ...context, github: broken }, model)).predicate
    expect([lets(verdict), evidence]).toEqual([true, undefined])
    expect(said).toContain('Which version of toy is live is not known: GitHub could not be reached.')
  })
})
