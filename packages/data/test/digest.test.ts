import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { datasetDigest, digestFiles } from '../src/index.ts'
import { folderWith } from './files.ts'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')

describe('digestFiles', () => {
  it('names each file once, in the order of names, whatever the order of patterns', async () => {
    const root = folderWith({ 'b.csv': 'b', 'a.csv': 'a', 'c.txt': 'c' })
    mkdirSync(join(root, 'deep'))
    writeFileSync(join(root, 'deep', 'd.csv'), 'd')
    const files = await digestFiles(root, ['*.csv', './b.csv', '**/*.csv'])
    expect(files).toEqual([
      { name: 'a.csv', sha256: hex('a'), bytes: 1 },
      { name: 'b.csv', sha256: hex('b'), bytes: 1 },
      { name: 'deep/d.csv', sha256: hex('d'), bytes: 1 },
    ])
  })

  it.each([
    ['none.csv', 'There is no file none.csv.'],
    ['*.parquet', 'No file matches *.parquet.'],
    ['../*.csv', '../*.csv leads out of the repository.'],
    ['/etc/passwd', '/etc/passwd leads out of the repository.'],
    ['folder', 'folder is a folder; name its files, as in folder/*.parquet.'],
  ])('says in one sentence what is wrong with %s', async (pattern, sentence) => {
    const root = folderWith({ 'a.csv': 'a' })
    mkdirSync(join(root, 'folder'))
    const error = await digestFiles(root, pattern).catch((error) => error)
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain(sentence)
  })
})

describe('a link', () => {
  it('is followed inside the folder, and refused where it leads out of it', async () => {
    const root = folderWith({ 'a.csv': 'a' })
    symlinkSync('a.csv', join(root, 'inside.csv'))
    symlinkSync(join(folderWith({ 'b.csv': 'b' }), 'b.csv'), join(root, 'outside.csv'))
    symlinkSync(folderWith({ 'c.csv': 'c' }), join(root, 'folder'))
    expect(await digestFiles(root, 'inside.csv')).toEqual([{ name: 'inside.csv', sha256: hex('a'), bytes: 1 }])
    for (const name of ['outside.csv', 'folder/c.csv']) {
      await expect(digestFiles(root, name)).rejects.toThrow(`${name} is a link that leads out of the repository.`)
    }
  })
})

describe('datasetDigest', () => {
  it('depends on names and content, not on the order or on sizes', () => {
    const a = { name: 'a', sha256: hex('a'), bytes: 1 }
    const b = { name: 'b', sha256: hex('b'), bytes: 1 }
    expect(datasetDigest([a, b])).toBe(hex(`[{"name":"a","sha256":"${a.sha256}"},{"name":"b","sha256":"${b.sha256}"}]`))
    expect(datasetDigest([b, { ...a, bytes: 2 }])).toBe(datasetDigest([a, b]))
    expect(datasetDigest([{ ...a, name: 'c' }, b])).not.toBe(datasetDigest([a, b]))
  })
})
