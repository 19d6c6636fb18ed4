import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveS3 } from '../../registry/test/support/s3-server.ts'
import { fetchFiles, type Surroundings } from '../src/index.ts'
import { filesIn, makeSurroundings } from './support/surroundings.ts'

let s3: Awaited<ReturnType<typeof serveS3>>
let place: Surroundings
beforeAll(async () => {
  s3 = await serveS3()
  for (const key of ['a.csv', 'b.csv']) s3.objects.set(`/lake/${key}`, Buffer.from(key))
})
afterAll(() => s3.close())
beforeEach(async () => {
  place = await makeSurroundings({ env: s3.env })
})

const bring = (to: string, from = 's3://lake/a.csv') => fetchFiles([{ from, to }], place)

describe('what is fetched', () => {
  it.each([
    ['..%2F..%2Fescaped.csv', /cannot become a file of data\/: its name leads elsewhere/],
    ['.Git%2Fhooks%2Fpost-checkout', /cannot become a file of data\/: its name leads elsewhere/],
    ['.modelyard%2Ftoy%2Fgate.json', /cannot become a file of data\/: its name leads elsewhere/],
    ['a%5Cb.csv', /cannot become a file of data\/: its name leads elsewhere/],
    ['a%0Ab.csv', /cannot become a file of data\/: its name leads elsewhere/],
  ])('never goes where a name in the bucket, %s, leads', async (key, why) => {
    s3.objects.set(`/hostile/${key}`, Buffer.from('x'))
    await expect(bring('data/', 's3://hostile/')).rejects.toThrow(why)
    s3.objects.delete(`/hostile/${key}`)
    expect(await filesIn(place.root)).toEqual([])
  })

  it('never goes through a link out of the repository, and replaces none', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'modelyard-outside-'))
    await symlink(outside, join(place.folder, 'linked'))
    await expect(bring('linked/')).rejects.toThrow(
      'model/linked leads out of this repository by a symbolic link, so model/linked/a.csv is not written',
    )
    await symlink(join(outside, 'b.csv'), join(place.folder, 'b.csv'))
    await expect(bring('b.csv')).rejects.toThrow('data.fetch writes the file b.csv, which is a link: remove it.')
    expect(await readdir(outside)).toEqual([])
  })

  it('replaces no folder, and says how to put files into it', async () => {
    await mkdir(join(place.folder, 'data'))
    await expect(bring('data')).rejects.toThrow(
      'data.fetch writes the file data, which is a folder: write data/ to put files into it.',
    )
  })

  it('does not become one file of two', async () => {
    const both = ['s3://lake/a.csv', 's3://lake/b.csv'].map((from) => ({ from, to: 'data/all.csv' }))
    await expect(fetchFiles(both, place)).rejects.toThrow(
      'data.fetch writes data/all.csv twice: of s3://lake/a.csv and of s3://lake/b.csv. Name two files in "to".',
    )
    expect(await filesIn(place.folder)).toEqual([])
  })

  it('takes the place of what was there before', async () => {
    await writeFile(join(place.folder, 'a.csv'), 'older')
    expect(await bring('./a.csv')).toMatchObject([{ to: 'a.csv', bytes: 5, fetched: true }])
  })
})
