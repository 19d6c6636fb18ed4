import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRecord } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { judged } from './judged.ts'
import { run } from './run.ts'

/** The hold-out once more, with the first row's id given to the second as well. */
async function repeatAnId(folder: string): Promise<void> {
  const path = join(folder, 'data/holdout.csv')
  const text = await readFile(path, 'utf8')
  const [head, first, second, ...rows] = text.split('\n')
  await writeFile(path, [head, first, second!.replace(/^\d+/, /^\d+/.exec(first!)![0]), ...rows].join('\n'))
}

describe('what follows on data that failed', () => {
  it('is not judged, and the reason is what the checks found; data that were mended are', {
    timeout: 60_000,
  }, async () => {
    const folder = await judged()
    const sound = await readFile(join(folder, 'data/holdout.csv'), 'utf8')
    await repeatAnId(folder)
    const { code, out, err } = await run(folder, 'validate')
    expect([code, out.match(/Every row has an id of its own\./g)?.length]).toEqual([1, 1])
    expect(err.match(/^.*do not pass.*$/gm)).toEqual([
      expect.stringMatching(/^The data of toy are refused: \d of \d+\schecks do not pass\.$/),
    ])
    await run(folder, 'train')
    const refused = await run(folder, 'evaluate', '--champion', 'none')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain(
      'The data of toy did not pass their checks, and what is judged on them says nothing. holdout id: Asked: Every row has an id of its own. Found: 1 of ',
    )
    // The failed record is of other data now.
    await writeFile(join(folder, 'data/holdout.csv'), sound)
    await run(folder, 'train')
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({ code: 0 })
  })
})

describe('what a step left before', () => {
  it('does not lie beside its failure', { timeout: 60_000 }, async () => {
    const folder = await judged()
    expect(await readdir(join(folder, '.modelyard/toy'))).toContain('gate.json')
    await appendFile(join(folder, 'train.sh'), '# Other code')
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('than are here now: train.sh. Run train again.'),
    })
    const files = await readdir(join(folder, '.modelyard/toy'))
    expect(files).toContain('failure.json')
    expect(files).not.toContain('gate.json')
  })

  it('keeps the reason of the first step that failed, until that step is done', { timeout: 60_000 }, async () => {
    const folder = await judged()
    const code = await readFile(join(folder, 'train.sh'), 'utf8')
    await writeFile(join(folder, 'train.sh'), 'echo no GPU here\nexit 1\n')
    const failure = async () => {
      const text = await readFile(join(folder, '.modelyard/toy/failure.json'), 'utf8').catch(() => undefined)
      return text && readRecord(text, 'failure').predicate
    }
    for (const args of [['train'], ['evaluate', '--champion', 'none']]) {
      expect(await run(folder, ...args)).toMatchObject({ code: 2 })
      expect(await failure()).toMatchObject({
        step: 'train',
        reasons: expect.arrayContaining([expect.stringContaining('no GPU here')]),
      })
    }
    await writeFile(join(folder, 'train.sh'), code)
    expect(await run(folder, 'train')).toMatchObject({ code: 0 })
    expect(await failure()).toBeUndefined()
  })
})

describe('a slice that no column answers', () => {
  it('is told by validate, before anything is trained', async () => {
    const folder = await judged()
    const model = await readFile(join(folder, 'model.yaml'), 'utf8')
    await writeFile(join(folder, 'model.yaml'), model.replace('  gates:', '  slices: [region]\n  gates:'))
    expect(await run(folder, 'validate')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^model\.yaml:\d+ {2}evaluate\.slices names "region", which is no column/m),
    })
  })
})

describe('training data of which no profile can be made', () => {
  it('are told so by validate, with the reason: later nobody would know why nothing is compared', async () => {
    const folder = await judged({ 'label: y, id: id': 'label: y, id: id, time: b' })
    const { code, err } = await run(folder, 'validate')
    expect(code).toBe(0)
    expect(err).toContain(
      'No profile is made of the training data of toy, so what changes in them later is not told: data.time names b, which is DOUBLE in data/train.csv',
    )
  })
})
