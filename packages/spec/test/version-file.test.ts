import { describe, expect, it } from 'vitest'
import { VersionAsset } from '../src/index.ts'

const sha256 = 'a'.repeat(64)
const parts = [
  { name: 'model.onnx.part-001', sha256, bytes: 2 },
  { name: 'model.onnx.part-002', sha256, bytes: 1 },
]
const asset = { name: 'model.onnx', sha256, bytes: 3 }

describe('a file of a manifest', () => {
  it.each([asset, { ...asset, parts }, { ...asset, at: 'm@v1.0.0' }, { ...asset, parts, pointer: 's3://models' }])(
    'may be whole or in parts, here, at an earlier version or in a store (%#)',
    (given) => {
      expect(VersionAsset.parse(given)).toEqual(given)
    },
  )

  it.each([
    [{ ...asset, parts: parts.slice(1) }, 'parts'],
    [{ ...asset, bytes: 4, parts }, 'parts'],
    [{ ...asset, at: 'm@v1.0.0', pointer: 's3://models' }, 'pointer'],
    [{ ...asset, name: '../model.onnx' }, 'name'],
    [{ ...asset, bytes: Number.MAX_SAFE_INTEGER }, 'bytes'],
    [{ ...asset, bytes: 1002, parts: Array.from({ length: 1002 }, () => ({ ...parts[1] })) }, 'parts'],
    [{ ...asset, parts: [parts[0], { ...parts[1], name: 'a/b' }] }, 'parts'],
  ])('contradicts itself nowhere, and names no path (%#)', (given, key) => {
    expect(VersionAsset.safeParse(given).error?.issues[0]?.path[0]).toBe(key)
  })
})
