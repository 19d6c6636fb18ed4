import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serveS3 } from '../../registry/test/support/s3-server.ts'
import { fetchFiles, type Surroundings } from '../src/index.ts'
import { filesIn, makeSurroundings } from './support/surroundings.ts'

vi.setConfig({ testTimeout: 60_000 })

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

let s3: Awaited<ReturnType<typeof serveS3>>
afterEach(() => s3.close())

async function begin(objects: Record<string, string>, options: Parameters<typeof serveS3>[0] = {}) {
  s3 = await serveS3(options)
  for (const [path, text] of Object.entries(objects)) s3.objects.set(path, Buffer.from(text))
  const place = await makeSurroundings({ env: s3.env })
  place.cache = { folder: join(place.root, 'cache/sha256') }
  return place
}

const textOf = ({ folder }: Surroundings, name: string) => readFile(join(folder, name), 'utf8')

describe('a bucket', () => {
  it('gives an object by its key, whatever that is called', async () => {
    const place = await begin({ '/lake/raw/a%20b%2B%231.csv': 'two' })
    await fetchFiles([{ from: 's3://lake/raw/a b+#1.csv', to: 'x/', sha256: sha('two') }], place)
    expect(await textOf(place, 'x/a b+#1.csv')).toBe('two')
  })

  it('gives what a pattern names, page by page, in its folders', async () => {
    const place = await begin({
      '/lake/year%3D2001/month%3D1/x.parquet': 'one',
      '/lake/year%3D2001/month%3D2/x.parquet': 'two',
      '/lake/year%3D2001/month%3D2/_SUCCESS': '',
      '/lake/year%3D2001/': '',
      '/lake/year%3D2002/month%3D1/x.parquet': 'three',
    })
    await fetchFiles([{ from: 's3://lake/year=2001/**/*.parquet', to: 'data/' }], place)
    expect(await filesIn(place.folder)).toEqual(['data/month=1/x.parquet', 'data/month=2/x.parquet'])
    await fetchFiles([{ from: 's3://lake/year=2001/', to: 'all/' }], place)
    expect(await filesIn(join(place.folder, 'all'))).toEqual([
      'month=1/x.parquet',
      'month=2/_SUCCESS',
      'month=2/x.parquet',
    ])
    expect(await textOf(place, 'data/month=2/x.parquet')).toBe('two')
  })

  it('sends nothing again that is at hand', async () => {
    const place = await begin({ '/lake/a.csv': 'one', '/lake/b.csv': 'two' })
    await fetchFiles([{ from: 's3://lake/*.csv', to: 'data/' }], place)
    s3.asked.length = 0
    const files = await fetchFiles([{ from: 's3://lake/*.csv', to: 'data/' }], place)
    expect(files).toMatchObject([{ fetched: false }, { fetched: false }])
    expect(s3.asked).toEqual([expect.stringMatching(/^GET \/lake\/\?list-type=2&/)])
  })

  it('is read without keys where it is public, and says that there were none where it is not', async () => {
    const place = await begin({ '/public/a.csv': 'one', '/lake/a.csv': 'two' }, { open: 'public' })
    const { AWS_ENDPOINT_URL_S3 } = s3.env
    place.env = { AWS_ENDPOINT_URL_S3 }
    await fetchFiles([{ from: 's3://public/*.csv', to: 'data/' }], place)
    expect(await textOf(place, 'data/a.csv')).toBe('one')
    await expect(fetchFiles([{ from: 's3://lake/a.csv', to: 'data/' }], place)).rejects.toThrow(
      /^Fetching s3:\/\/lake\/a\.csv without a key \(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set\) at .* failed: 403/,
    )
  })

  it('says so where nothing is there', async () => {
    const place = await begin({ '/lake/raw/a.csv': 'one' })
    await expect(fetchFiles([{ from: 's3://lake/raw/*.parquet', to: 'data/' }], place)).rejects.toThrow(
      'data.fetch asks for s3://lake/raw/*.parquet, and of the 1 objects below s3://lake/raw/ none is meant by it.',
    )
    await expect(fetchFiles([{ from: 's3://lake/b.csv', to: 'data/' }], place)).rejects.toThrow(
      /failed: 404 Not Found\.$/,
    )
  })

  it('shows no key in a sentence', async () => {
    const place = await begin({})
    place.env = { ...s3.env, AWS_SECRET_ACCESS_KEY: 'wrong hush', AWS_SESSION_TOKEN: 'token hush' }
    const error = await fetchFiles([{ from: 's3://lake/a/', to: 'data/' }], place).catch(
      (error: Error) => error.message,
    )
    expect(error).toMatch(/^Fetching s3:\/\/lake\/a\/ at .* failed: 403 Forbidden \(SignatureDoesNotMatch\)/)
    expect(error).not.toContain('hush')
  })
})
