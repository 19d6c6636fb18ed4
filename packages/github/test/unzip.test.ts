import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { unzip } from '../src/unzip.ts'
import { zip } from './zip.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unzip-'))
})

/** Writes a zip file and answers with its path. */
async function archiveOf(...given: Parameters<typeof zip>): Promise<string> {
  const path = join(folder, 'archive.zip')
  await writeFile(path, zip(...given))
  return path
}

describe('unpacking an artifact', () => {
  it('brings files and folders', async () => {
    const archive = await archiveOf({ 'gate.json': '{}', 'a/b/model.onnx': 'x'.repeat(100_000) })
    const out = join(folder, 'out')
    expect(await unzip(archive, out)).toEqual(['gate.json', 'a/b/model.onnx'])
    expect(await readFile(join(out, 'a/b/model.onnx'), 'utf8')).toHaveLength(100_000)
  })

  it.each(['../evil', 'a/../../evil', '/tmp/modelyard-evil', 'C:\\evil', 'a\\..\\..\\evil'])(
    'refuses the path %s',
    async (name) => {
      const archive = await archiveOf({ [name]: 'x' })
      await expect(unzip(archive, join(folder, 'out', 'deep'))).rejects.toThrow(/path|characters/)
      expect([join(folder, 'evil'), join(folder, 'out', 'evil'), '/tmp/modelyard-evil'].filter(existsSync)).toEqual([])
    },
  )

  it('refuses an entry that is larger than it says', async () => {
    const archive = await archiveOf({ bomb: '0'.repeat(1_000_000) }, 10)
    await expect(unzip(archive, join(folder, 'out'))).rejects.toThrow(/too many bytes/)
  })
})
