import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { toyModel, writeModel } from '@modelyard/scenarios'
import { partName, recordDigest, type Statement } from '@modelyard/spec'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunFacts, StepContext } from '../src/context.ts'
import { plan, readShard, validateModels } from '../src/index.ts'
import { collectRecords, loadRecord, openRecords } from '../src/records.ts'

const CONTRACT = `
apiVersion: v3.1.0
kind: DataContract
id: toy
version: 1.0.0
status: active
schema:
  - name: toy
    properties:
      - { name: id, logicalType: integer, required: true, unique: true }
      - { name: a, logicalType: number, logicalTypeOptions: { minimum: -1.5 } }
      - { name: b, logicalType: number }
      - { name: y, logicalType: integer }
    quality:
      - { type: library, metric: rowCount, mustBeGreaterThan: 500 }
`

/** What the jobs of a run publish, by name. */
async function openStore(): Promise<{ folder: string; store: StepContext['store'] }> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-store-'))
  return {
    folder,
    store: {
      async publish(name, _, files) {
        await rm(join(folder, name), { recursive: true, force: true })
        await mkdir(join(folder, name))
        for (const file of files) await cp(file, join(folder, name, basename(file)))
      },
      async collect(inbox, isWanted = () => true) {
        const names = (await readdir(folder)).filter(isWanted)
        for (const name of names) await cp(join(folder, name), join(inbox, name), { recursive: true })
        return names
      },
    },
  }
}

/** A run of a workflow: every job has a checkout of its own, and all it shares with the others is the store. */
async function openRun(facts: RunFacts = { id: '7', attempt: 1 }, change = async (_root: string) => {}) {
  const { folder: published, store } = await openStore()
  const said: string[] = []
  const info = (line: string) => void said.push(line)
  const log: StepContext['log'] = { info, warn: ({ message }) => info(message), group: (_, work) => work() }
  const job = async (again: RunFacts = {}): Promise<StepContext> => {
    const root = await mkdtemp(join(tmpdir(), 'modelyard-job-'))
    await writeModel(root, toyModel('toy', { 'label: y': 'label: y, contract: toy.odcs.yaml' }))
    await writeFile(join(root, 'toy.odcs.yaml'), CONTRACT)
    await change(root)
    return { root, store, log, run: { ...facts, ...again } }
  }
  const shard = async (index: number, of: number, again?: RunFacts) =>
    validateModels(await job(again), 'model.yaml', { shard: { index, of } })
  return {
    published,
    said,
    job,
    shard,
    async shards(of: number) {
      for (let index = of; index >= 1; index--) await shard(index, of)
    },
    async merge(again?: RunFacts): Promise<{ record: Statement<'validation'>; context: StepContext }> {
      const context = await job(again)
      const [record] = await validateModels(context, 'model.yaml', { merge: true })
      return { record: record!, context }
    },
  }
}

const profileIn = async (context: StepContext) =>
  readFile(join(await openRecords(context, 'toy'), 'profile.json'), 'utf8')

describe('a matrix of jobs', () => {
  let alone: { digest: string; profile: string; record: Statement<'validation'> }

  beforeAll(async () => {
    const context = await (await openRun()).job()
    const [record] = await validateModels(context, 'model.yaml')
    alone = { digest: recordDigest(record as Statement), profile: await profileIn(context), record: record! }
  })

  it('has something to find', () => {
    expect(alone.record.predicate.verdict).toBe('fail')
    expect(alone.record.predicate.checks.length).toBeGreaterThan(10)
  })

  it.each([1, 2, 5])('of %i makes the record and the profile that one job makes, byte for byte', async (of) => {
    const run = await openRun()
    await run.shards(of)
    const { record, context } = await run.merge()
    expect(record.predicate).toMatchObject({ ...alone.record.predicate, run: expect.anything() })
    expect(recordDigest(record as Statement)).toBe(alone.digest)
    expect(await profileIn(context)).toBe(alone.profile)
  })

  it('makes the same of fewer rows than jobs', async () => {
    const short = async (root: string) => {
      const rows = (await readFile(join(root, 'data/holdout.csv'), 'utf8')).split('\n')
      await writeFile(join(root, 'data/holdout.csv'), `${rows.slice(0, 3).join('\n')}\n`)
    }
    const run = await openRun(undefined, short)
    const [one] = await validateModels(await run.job(), 'model.yaml')
    await run.shards(4)
    expect(recordDigest((await run.merge()).record as Statement)).toBe(recordDigest(one as Statement))
  })

  it('says of the record when the first of its jobs began', async () => {
    const run = await openRun()
    const before = Date.now()
    await run.shards(2)
    const after = Date.now()
    const started = Date.parse((await run.merge()).record.predicate.run.started)
    expect(started).toBeGreaterThanOrEqual(before)
    expect(started).toBeLessThan(after)
  })

  it('makes it of the parts on a laptop, where nothing is published', async () => {
    const context = {
      ...(await (await openRun({})).job()),
      store: { publish: async () => {}, collect: async () => [] },
    }
    for (const index of [1, 2]) await validateModels(context, 'model.yaml', { shard: { index, of: 2 } })
    expect(await loadRecord(context, 'validation', 'toy')).toBeUndefined()
    const [record] = await validateModels(context, 'model.yaml', { merge: true })
    expect(recordDigest(record as Statement)).toBe(alone.digest)
  })

  it('takes what a job left that ran again alone', async () => {
    const run = await openRun()
    await run.shards(3)
    await run.shard(2, 3, { id: '7', attempt: 2 })
    expect(recordDigest((await run.merge({ id: '7', attempt: 2 })).record as Statement)).toBe(alone.digest)
  })

  it('leaves nothing that passes for a record', async () => {
    const run = await openRun()
    await run.shards(2)
    const context = await run.job()
    expect(await collectRecords(context)).toEqual([])
  })
})

describe('the merge of what a matrix found', () => {
  let halves: string

  beforeAll(async () => {
    const run = await openRun()
    await run.shards(2)
    halves = run.published
  })

  /** A run whose two jobs have looked at a half each. */
  const openHalves = async () => {
    const run = await openRun()
    await cp(halves, run.published, { recursive: true })
    return run
  }
  const merged = (run: Awaited<ReturnType<typeof openRun>>, again?: RunFacts) =>
    run.merge(again).then(
      () => 'it passed',
      ({ message }: Error) => message,
    )
  const pathOf = (published: string, index: number, of: number) =>
    join(published, partName('toy', { index, of }), `${index}of${of}.json`)

  it('refuses a part that is not there, and leaves a record of that', async () => {
    expect(await merged(await openRun())).toMatch(/^There is no part of toy to merge\. Look at every shard before/)
    const run = await openHalves()
    await rm(join(run.published, partName('toy', { index: 1, of: 2 })), { recursive: true })
    expect(await merged(run)).toMatch(/^Part 1 of 2 of toy is not there: .* Run the job of that shard again\.$/)
    const failure = JSON.parse(await readFile(join(run.published, 'modelyard-failure-toy/failure.json'), 'utf8'))
    expect(failure.predicate).toMatchObject({ verdict: 'fail', step: 'validate-data' })
  })

  it('refuses parts of two ways to part the data', async () => {
    const run = await openHalves()
    await run.shard(3, 3)
    expect(await merged(run)).toMatch(/^There are parts of toy of 2 and of 3 shards\./)
  })

  it('refuses one part under the name of another', async () => {
    const run = await openHalves()
    await cp(pathOf(run.published, 1, 2), pathOf(run.published, 2, 2))
    expect(await merged(run)).toBe(
      'What was published as part 2 of 2 of toy is part 1 of 2 of toy. Run the job of that shard again.',
    )
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, -100)],
    ['changed in one digit', (text: string) => text.replace(/"rows":(\d)/, (_, digit) => `"rows":${(digit % 9) + 1}`)],
    ['empty', () => ''],
    ['no text that JSON has a canonical form for', () => '{"part":"\\ud800","sha256":""}'],
  ])('refuses a part that is %s', async (_, damage) => {
    const run = await openHalves()
    const path = pathOf(run.published, 2, 2)
    const text = await readFile(path, 'utf8')
    expect(damage(text)).not.toBe(text)
    await writeFile(path, damage(text))
    expect(await merged(run)).toMatch(/^Part 2 of 2 of toy is damaged: /)
  })

  it.each([
    [
      'of other data',
      { 'data/holdout.csv': 'id,a,b,y\n1,1,1,1\n2,2,2,0\n' },
      /^Part 2 of 2 of toy is of other data than part 1\./,
    ],
    ['of another contract', { 'toy.odcs.yaml': CONTRACT.replace('500', '501') }, /another contract than lies here/],
    ['of another model file', { 'model.yaml': toyModel('toy') }, /another model file than lies here/],
  ])('refuses a part %s', async (_, files, sentence) => {
    const run = await openHalves()
    const other = await openRun(undefined, async (root) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
    })
    await other.shard(2, 2)
    await cp(other.published, run.published, { recursive: true })
    expect(await merged(run)).toMatch(sentence)
  })

  it('refuses a part of another run, and of an attempt before the one in which all jobs ran again', async () => {
    const run = await openHalves()
    expect(await merged(run, { id: '8', attempt: 1 })).toMatch(/^Part 1 of 2 of toy is of another run\./)
    await plan(await run.job({ id: '7', attempt: 2 }), { model: 'model.yaml' })
    await run.shard(1, 2, { id: '7', attempt: 2 })
    expect(await merged(run, { id: '7', attempt: 2 })).toMatch(/^Part 2 of 2 of toy is of an attempt before/)
  })

  it('says once what kept the jobs from looking, and where', async () => {
    const run = await openRun(undefined, (root) => writeFile(join(root, 'data/train.csv'), ''))
    for (const index of [1, 2]) await expect(run.shard(index, 2)).rejects.toThrow('data/train.csv is empty.')
    expect(await readdir(run.published)).toEqual([1, 2].map((index) => partName('toy', { index, of: 2 })))
    expect(await merged(run)).toBe('data/train.csv is empty. Write it again.')
  })
})

describe('the shard that is asked for', () => {
  it.each(['0/4', '5/4', '1/257', '1', '1/', '/4', '1/4/4', '-1/4', '1.5/4', '01/4', ' 1/4', 'a/b'])(
    'is not %j',
    (written) => {
      expect(() => readShard(written, 'The input "shard"')).toThrow(
        `The input "shard" is ${JSON.stringify(written)}; it must be like 2/4, the second of four shards, and at most 256/256.`,
      )
    },
  )

  it('may be the last of as many as a matrix has jobs, or none', () => {
    expect(readShard('256/256', 'it')).toEqual({ index: 256, of: 256 })
    expect(readShard('', 'it')).toBeUndefined()
  })

  it('goes with no merge', async () => {
    const context = await (await openRun()).job()
    await expect(validateModels(context, 'model.yaml', { shard: { index: 1, of: 2 }, merge: true })).rejects.toThrow(
      'A shard and a merge are asked for at once.',
    )
  })
})
