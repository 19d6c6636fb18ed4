import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyModel, writeModel } from '@modelyard/scenarios'
import { readModelFile, sha256 } from '@modelyard/spec'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { serveS3 } from '../../registry/test/support/s3-server.ts'
import type { StepContext } from '../src/context.ts'
import { validateData, validateModels } from '../src/index.ts'
import { ensureData } from '../src/prepare.ts'

vi.setConfig({ testTimeout: 30_000 })

let s3: Awaited<ReturnType<typeof serveS3>>
beforeAll(async () => {
  s3 = await serveS3()
  for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value)
})
afterAll(() => {
  vi.unstubAllEnvs()
  s3.close()
})
beforeEach(() => {
  s3.objects.clear()
  s3.asked.length = 0
})

/** A toy whose training data lie in a bucket, and are copied to where they are read from by `prepare`. */
async function remote({ pinned = false } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-fetched-'))
  await writeModel(root, toyModel('toy'))
  const train = await readFile(join(root, 'data/train.csv'))
  s3.objects.set('/lake/train.csv', train)
  await rm(join(root, 'data/train.csv'))
  const pin = pinned ? `, sha256: ${sha256(train)}` : ''
  const data = `fetch: [{ from: 's3://lake/train.csv', to: raw/${pin} }], prepare: cp raw/train.csv data/ && echo x >> prepared`
  const file = join(root, 'model.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('label: y', `label: y, ${data}`))
  const said: string[] = []
  const log: StepContext['log'] = { info: (line) => void said.push(line), warn() {}, group: (_, work) => work() }
  const store: StepContext['store'] = { publish: async () => {}, collect: async () => [] }
  const context: StepContext = { root, store, log, run: {} }
  const model = { ...(await readModelFile(file, 'model.yaml')), folder: root }
  const timesPrepared = async () => (await readFile(join(root, 'prepared'), 'utf8')).split('x').length - 1
  return { root, context, model, said, timesPrepared }
}

describe('data that are fetched', () => {
  it('are there before they are prepared and validated', async () => {
    const { context, model, said } = await remote()
    const record = await validateData(context, model)
    expect(record.predicate.verdict).toBe('pass')
    expect(said).toContainEqual(
      expect.stringMatching(
        /^raw\/train\.csv: .*, fetched from s3:\/\/lake\/train\.csv\. It is not pinned; its sha256 is \w{64}\.$/,
      ),
    )
  })

  it('are there for the shard of a matrix', async () => {
    const { context, said } = await remote({ pinned: true })
    await validateModels(context, 'model.yaml', { shard: { index: 2, of: 3 } })
    expect(said).toContainEqual(expect.stringMatching(/^raw\/train\.csv: .*, fetched from s3:\/\/lake\/train\.csv\.$/))
  })

  it('are made once in a job, and again where some of them are gone, others are asked for, or the job was killed', async () => {
    const { root, context, model, timesPrepared } = await remote()
    await validateData(context, model)
    s3.asked.length = 0
    await ensureData(context, model)
    expect([s3.asked, await timesPrepared()]).toEqual([[], 1])

    await rm(join(root, 'raw/train.csv'))
    await ensureData(context, model)
    expect([s3.asked.length, await timesPrepared()]).toEqual([2, 2])

    const [{ from, to }] = model.data.fetch as [(typeof model.data.fetch)[number]]
    const other = {
      ...model,
      data: {
        ...model.data,
        fetch: [
          { from, to },
          { from, to: 'second.csv' },
        ],
      },
    }
    await ensureData(context, other)
    expect(await timesPrepared()).toBe(3)

    // A fetch that fails leaves no note that the one before it has left.
    const held = s3.objects.get('/lake/train.csv')!
    s3.objects.clear()
    await expect(validateData(context, model)).rejects.toThrow(/^Fetching s3:\/\/lake\/train\.csv at .* failed: 404/)
    s3.objects.set('/lake/train.csv', held)
    await ensureData(context, model)
    expect(await timesPrepared()).toBe(4)
  })

  it('from another place in this repository say that they need GitHub', async () => {
    const { context, model } = await remote()
    const released = { ...model, data: { ...model.data, fetch: [{ from: 'release://data-v1/train.csv', to: 'raw/' }] } }
    await expect(validateData(context, released)).rejects.toThrow(
      /^A GitHub token is needed to fetch data of this repository, and there is none\./,
    )
  })
})
