import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { describe, expect, it } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import { fetchFiles, type Wanted } from '../src/index.ts'
import { filesIn, makeSurroundings } from './support/surroundings.ts'

const sha = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

interface Left {
  id: number
  run: number
  branch: string
  files: Record<string, string>
}

/** A repository with a release `data-v1` that has `train.csv`, and artifacts called `prepared` that runs left. */
async function repository(left: Left[], run?: number) {
  const asked: string[] = []
  const archives = new Map(left.map(({ id, files }) => [id, zip(files)]))
  const artifacts = left.map(({ id, run, branch }) => ({
    ...{ id, name: 'prepared', size_in_bytes: archives.get(id)!.length, expired: false },
    workflow_run: { id: run, head_branch: branch, head_repository_id: 1, repository_id: 1 },
  }))
  const listed = (of: typeof artifacts) => Response.json({ total_count: of.length, artifacts: of })
  const asset = { id: 5, name: 'train.csv', size: 4, state: 'uploaded', digest: `sha256:${sha('rows')}` }
  const part = (bytes: Buffer, range: string | null) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range ?? '')!
    return new Response(new Uint8Array(bytes.subarray(Number(from), Number(to) + 1)), { status: 206 })
  }
  const answer = (path: string, headers: Headers): Response => {
    const [, archive] = /\/actions\/artifacts\/(\d+)\/zip$/.exec(path) ?? []
    const [, of] = /\/actions\/runs\/(\d+)\/artifacts$/.exec(path) ?? []
    if (archive) return part(archives.get(Number(archive))!, headers.get('range'))
    if (of) return listed(artifacts.filter(({ workflow_run }) => workflow_run.id === Number(of)))
    if (path.endsWith('/actions/artifacts')) return listed(artifacts)
    if (path.endsWith('/releases/tags/data-v1')) return Response.json({ id: 3, tag_name: 'data-v1', assets: [asset] })
    if (path.endsWith('/releases/3/assets')) return Response.json([asset])
    if (path.endsWith('/releases/assets/5')) return part(Buffer.from('rows'), headers.get('range'))
    if (path.endsWith('/acme/models')) return Response.json({ default_branch: 'main' })
    return Response.json({ message: 'Not Found' }, { status: 404 })
  }
  const github = connect({
    ...{ token: 't', repository: 'acme/models', apiUrl: 'http://github.test' },
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      asked.push(pathname)
      const response = answer(pathname, new Headers(init?.headers))
      return Object.defineProperty(response, 'url', { value: String(input) })
    },
  })
  const place = await makeSurroundings({ connect: () => github, run })
  place.cache = { folder: join(place.root, 'cache/sha256') }
  const bring = (wanted: Wanted) => fetchFiles([wanted], place)
  return { place, asked, bring }
}

describe('a file of a release', () => {
  it('is there with the digest that GitHub says', async () => {
    const { bring, place, asked } = await repository([])
    const from = 'release://data-v1/train.csv'
    expect(await bring({ from, to: 'data/' })).toMatchObject([{ to: 'data/train.csv', sha256: sha('rows') }])
    expect(await readFile(join(place.folder, 'data/train.csv'), 'utf8')).toBe('rows')
    asked.length = 0
    expect(await bring({ from, to: 'data/' })).toMatchObject([{ fetched: false }])
    expect(asked.filter((path) => path.includes('/releases/assets/'))).toEqual([])
    await expect(bring({ from, to: 'other.csv', sha256: sha('other') })).rejects.toThrow(
      `${from} has the digest ${sha('rows')}, but ${sha('other')} was asked for`,
    )
  })

  it('is said not to be there', async () => {
    const { bring } = await repository([])
    await expect(bring({ from: 'release://data-v1/test.csv', to: 'data/' })).rejects.toThrow(
      "data.fetch asks for test.csv, which the release data-v1 of acme/models does not have: gh release upload 'data-v1' test.csv.",
    )
    await expect(bring({ from: 'release://data-v2/train.csv', to: 'data/' })).rejects.toThrow(
      'data.fetch asks for a file of the release data-v2, and of acme/models there is none.',
    )
    await expect(bring({ from: 'release://data-v1', to: 'data/' })).rejects.toThrow('write release://tag/asset')
  })
})

describe('an artifact', () => {
  const older = { id: 7, run: 70, branch: 'main', files: { 'train.csv': 'old', 'deep/holdout.csv': 'old' } }
  const newer = { id: 8, run: 80, branch: 'main', files: { 'train.csv': 'new', 'deep/holdout.csv': 'new' } }
  const topic = { id: 9, run: 90, branch: 'topic', files: { 'train.csv': 'topic' } }
  const from = 'artifact://prepared'
  const textOf = (folder: string) => readFile(join(folder, 'data/train.csv'), 'utf8')

  it('is the newest of the default branch, and leaves nothing but its files', async () => {
    const { bring, place, asked } = await repository([older, newer, topic], 100)
    await bring({ from, to: 'data/' })
    expect(await textOf(place.folder)).toBe('new')
    expect(await filesIn(place.folder)).toEqual(['data/deep/holdout.csv', 'data/train.csv'])
    expect(await filesIn(place.scratch)).toEqual([])
    asked.length = 0
    await bring({ from, to: 'data/' })
    expect(asked.filter((path) => path.endsWith('/zip'))).toEqual([])
  })

  it('is that of this run, where a job before has left one', async () => {
    const { bring, place } = await repository([older, newer, topic], 90)
    await bring({ from, to: 'data/train.csv', sha256: sha('topic') })
    expect(await textOf(place.folder)).toBe('topic')
    await expect(bring({ from, to: 'data/train.csv', sha256: sha('other') })).rejects.toThrow(
      `artifact://prepared has the digest ${sha('topic')}, but ${sha('other')} was asked for`,
    )
  })

  it('of several files becomes none by the name of one', async () => {
    const { bring } = await repository([newer])
    await expect(bring({ from, to: 'data/train.csv' })).rejects.toThrow(
      'data.fetch makes data/train.csv of artifact://prepared, which has 2 files: name a folder',
    )
  })

  it('is said not to be there', async () => {
    const { bring } = await repository([topic], 100)
    await expect(bring({ from, to: 'data/' })).rejects.toThrow(
      'data.fetch asks for artifact://prepared, and neither this run nor a run of main has left an artifact prepared',
    )
  })
})
