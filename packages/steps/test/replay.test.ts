import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, sha256 } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareJson } from '../src/replay/compare.ts'
import { findDigest } from '../src/replay/files.ts'

describe('what differs between two records', () => {
  it('is nothing exactly where they are the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(compareJson(one, structuredClone(one))).toEqual([])
        expect(compareJson(one, other).length === 0).toBe(canonicalJson(one) === canonicalJson(other))
      }),
    )
  })

  it('is named by metric, whatever comes before it in the list', () => {
    const auc = { name: 'roc_auc', candidate: { value: 0.684 } }
    const recorded = { metrics: [auc, { name: 'mae', candidate: { value: 1 } }] }
    const replayed = {
      metrics: [
        { name: 'mae', candidate: { value: 1 } },
        { ...auc, candidate: { value: 0.683 } },
      ],
    }
    expect(compareJson(recorded, replayed)).toEqual([
      { what: 'metrics › roc_auc › candidate › value', recorded: '0.684', replayed: '0.683' },
    ])
    expect(compareJson(recorded, { metrics: recorded.metrics.toReversed() })).toHaveLength(1)
  })
})

describe('a file that a record names', () => {
  const asked = { sha256: sha256('bytes'), what: 'The candidate', mend: 'Take it from the release.' }

  it('is found by its digest, and by no link that leads out of the folder', async () => {
    const root = await mkdtemp(join(tmpdir(), 'modelyard-replay-'))
    const folder = join(root, 'run')
    await mkdir(join(folder, 'plain'), { recursive: true })
    await mkdir(join(root, 'elsewhere'))
    await writeFile(join(root, 'elsewhere/model.onnx'), 'bytes')
    await symlink(join(root, 'elsewhere/model.onnx'), join(folder, 'model.onnx'))
    await symlink(join(root, 'elsewhere'), join(folder, 'linked'))
    for (const name of ['model.onnx', 'linked/model.onnx', '../elsewhere/model.onnx'])
      await expect(findDigest([{ folder, name }], asked)).rejects.toThrow(/^The candidate of the digest .* no file/)

    await writeFile(join(folder, 'plain/model.onnx'), 'bytes')
    await writeFile(join(folder, 'other.onnx'), 'others')
    const places = ['other.onnx', 'plain/model.onnx'].map((name) => ({ folder, name }))
    expect(await findDigest(places, asked)).toBe(join(folder, 'plain/model.onnx'))
    await expect(findDigest(places.slice(0, 1), asked)).rejects.toThrow(
      `but ${join(folder, 'other.onnx')} has ${sha256('others')}. Take it from the release.`,
    )
  })
})
