import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readEntries } from '../src/archive.ts'
import type { Open } from '../src/index.ts'
import { zip } from './zip.ts'

/** An archive that lies elsewhere, and what was asked of it. */
function elsewhere(archive: Buffer) {
  const spans: Array<[number, number]> = []
  const open: Open = async ({ start, end }) => {
    spans.push([start, end])
    return Readable.from([archive.subarray(start, end)])
  }
  return { open, spans, bytes: archive.length }
}

/** A text after so many blocks of nothing, as no packer makes them. */
const padded = (blocks: number) => (text: string) =>
  Buffer.concat([Buffer.alloc(blocks * 5, Buffer.from([0, 0, 0, 0xff, 0xff])), deflateRawSync(text)])

const read = (archive: Buffer, names: string[], limit = 1000) => {
  const { open, bytes } = elsewhere(archive)
  return readEntries(open, { bytes, names, limit })
}
const texts = (files: Map<string, Buffer>) => Object.fromEntries([...files].map(([name, text]) => [name, String(text)]))

describe('files of an archive that lies elsewhere', () => {
  it('are read by name, and nothing else with them', async () => {
    const archive = zip({ 'gate.json': '{}', '.bashrc': 'rm', 'plan.json': '[]' })
    expect(texts(await read(archive, ['gate.json', 'plan.json', 'training.json']))).toEqual({
      'gate.json': '{}',
      'plan.json': '[]',
    })
  })

  it('do not bring the model that lies beside them: only the blocks are asked for that hold them', async () => {
    const model = randomBytes(5_000_000).toString('base64')
    const { open, spans, bytes } = elsewhere(zip({ 'training.json': '{"a":1}', 'model.onnx': model }))
    const files = await readEntries(open, { bytes, names: ['training.json'], limit: 1000 })
    expect(texts(files)).toEqual({ 'training.json': '{"a":1}' })
    expect(spans.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThanOrEqual(3 << 20)
    expect(bytes).toBeGreaterThan(5_000_000)
  })

  it('are the first of their name', async () => {
    const archive = Buffer.from(
      zip({ 'gate.json': 'first', 'gatf.json': 'other' }).toString('latin1').replaceAll('gatf', 'gate'),
      'latin1',
    )
    expect(texts(await read(archive, ['gate.json']))).toEqual({ 'gate.json': 'first' })
  })

  it.each([
    [
      'is larger than it may be',
      zip({ 'gate.json': 'a'.repeat(1001) }),
      /gate\.json in it has 1001 bytes; at most 1000/,
    ],
    [
      'is packed into more than it may be',
      zip({ 'gate.json': '{}' }, undefined, padded(300)),
      /gate\.json in it has \d{4} bytes; at most 1000/,
    ],
    ['is larger than it says', zip({ 'gate.json': 'a'.repeat(100_000) }, 10), /too many bytes/],
    ['goes upwards', zip({ '../gate.json': '{}' }), /relative path/],
    [
      'is one of very many',
      zip(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}`, '']))),
      /holds 1001 files/,
    ],
    ['is in no archive', Buffer.from('<html>'.repeat(100)), /end of central directory/i],
    ['is in an archive that was cut', zip({ 'gate.json': '{}' }).subarray(0, 40), /end of central directory/i],
  ])('are refused where one %s', async (_, archive, words) => {
    await expect(read(archive, ['gate.json', '../gate.json'])).rejects.toThrow(words)
  })

  it('are refused where the list of them is longer than they are', async () => {
    const long = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${at}`.padStart(60_000, 'x'), '']))
    const { open, spans, bytes } = elsewhere(zip({ ...long, 'gate.json': '{}' }))
    await expect(readEntries(open, { bytes, names: ['gate.json'], limit: 1000 })).rejects.toThrow(/more of it would/)
    expect(spans.length).toBeLessThan(10)
  })
})
