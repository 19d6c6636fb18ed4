import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRecord } from '@modelyard/spec'
import { beforeAll, describe, expect, it } from 'vitest'
import { GATE, judged, judgedAgainst } from './judged.ts'
import { run } from './run.ts'

interface Row {
  id: string
  newly: string
  label: string
  champion: string
  candidate: string
}

let folder: string
beforeAll(async () => {
  folder = await judged()
  await judgedAgainst(folder)
})

async function rowsOf(...options: string[]): Promise<Row[]> {
  const { out, err } = await run(folder, 'changed', GATE, '--json', ...options)
  expect(err).toBe('')
  return JSON.parse(out).rows
}

describe('changed', () => {
  it('lists the rows that the gate record counts, each with its id, its label and what both models say', async () => {
    const { changed } = readRecord(await readFile(join(folder, GATE), 'utf8'), 'gate').predicate
    const [wrong, right] = [await rowsOf('--to', 'wrong'), await rowsOf('--to', 'right')]
    expect(wrong).toHaveLength(changed!.newly_wrong)
    expect(right).toHaveLength(changed!.newly_right)
    expect(wrong.length).toBeGreaterThan(0)
    const truth = new Map(
      (await readFile(join(folder, 'data/holdout.csv'), 'utf8')).split('\n').map((line) => {
        const [id, , , label] = line.split(',')
        return [id, label]
      }),
    )
    for (const { id, newly, label, champion, candidate } of [...wrong, ...right]) {
      expect(label).toBe(truth.get(id))
      expect(newly === 'wrong' ? champion : candidate).toBe(label)
      expect(newly === 'wrong' ? candidate : champion).not.toBe(label)
    }
    expect(await rowsOf()).toHaveLength(wrong.length + right.length)
  })

  it('lists those of a part alone, and shows them as a table', async () => {
    const all = await rowsOf('--to', 'wrong')
    const [inside, outside] = [
      await rowsOf('--to', 'wrong', '--where', 'a > 0'),
      await rowsOf('--to', 'wrong', '--where', 'a <= 0'),
    ]
    expect([...inside, ...outside].map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
    const { out, code } = await run(folder, 'changed', GATE, '--to', 'wrong')
    expect(code).toBe(0)
    const [first, , head, ...lines] = out.trimEnd().split('\n')
    expect(first).toBe(`toy against v1.0.0: ${all.length}\u00a0rows newly wrong`)
    expect((await run(folder, 'changed', GATE, '--where', 'a > 1e9')).out).toBe('toy against v1.0.0: no such row\n')
    expect(head!.split(/ +/)).toEqual(['id', 'newly', 'label', 'v1.0.0', 'candidate'])
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual(all.map(({ id }) => id))
  })

  it.each([
    [['--to', 'left'], 'The option --to is "left"; it must be right, wrong or both.'],
    [
      ['--where', 'nowhere = 1'],
      'The option --where names "nowhere = 1", which is no column, and no condition on columns',
    ],
    [['--where', 'a + 1'], 'it is DOUBLE, not true or false'],
    [['--where', '1=1) ; DROP TABLE data --'], 'The option --where names'],
  ])('refuses %j in a sentence', async (options, sentence) => {
    const { code, out, err } = await run(folder, 'changed', GATE, ...options)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })

  it('refuses a record without a champion, one of another kind, and other bytes than it names', async () => {
    const alone = await judged()
    expect(await run(alone, 'changed', GATE)).toMatchObject({
      code: 2,
      err: expect.stringContaining('No row of toy can have changed sides'),
    })
    expect(await run(alone, 'changed', '.modelyard/toy/validation.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('validation.json is a validation record. Name the gate.json of a run or a release.'),
    })
    await judgedAgainst(alone)
    await appendFile(join(alone, 'data/holdout.csv'), '1,2,3,1\n')
    expect(await run(alone, 'changed', GATE)).toMatchObject({
      code: 2,
      err: expect.stringContaining('The holdout data have the digest'),
    })
  })
})
