import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { unzip } from '../src/unzip.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unzip-'))
})

/** A zip file as its specification has it: local headers with data, then the central directory. */
async function zip(entries: Record<string, string>, claimedSize?: number): Promise<string> {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(entries)) {
    const data = deflateRawSync(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(text), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(claimedSize ?? Buffer.byteLength(text), 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  const path = join(folder, 'archive.zip')
  await writeFile(path, Buffer.concat([...parts, directory, end]))
  return path
}

describe('unpacking an artifact', () => {
  it('brings files and folders', async () => {
    const archive = await zip({ 'gate.json': '{}', 'a/b/model.onnx': 'x'.repeat(100_000) })
    const out = join(folder, 'out')
    expect(await unzip(archive, out)).toEqual(['gate.json', 'a/b/model.onnx'])
    expect(await readFile(join(out, 'a/b/model.onnx'), 'utf8')).toHaveLength(100_000)
  })

  it.each(['../evil', 'a/../../evil', '/tmp/modelyard-evil', 'C:\\evil', 'a\\..\\..\\evil'])(
    'refuses the path %s',
    async (name) => {
      const archive = await zip({ [name]: 'x' })
      await expect(unzip(archive, join(folder, 'out', 'deep'))).rejects.toThrow(/path|characters/)
      expect([join(folder, 'evil'), join(folder, 'out', 'evil'), '/tmp/modelyard-evil'].filter(existsSync)).toEqual([])
    },
  )

  it('refuses an entry that is larger than it says', async () => {
    const archive = await zip({ bomb: '0'.repeat(1_000_000) }, 10)
    await expect(unzip(archive, join(folder, 'out'))).rejects.toThrow(/too many bytes/)
  })
})
