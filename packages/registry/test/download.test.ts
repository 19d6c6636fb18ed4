import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keepInCache, takeFromCache } from '../src/bytes/cache.ts'
import { download } from '../src/bytes/download.ts'
import { type FileServer, serveFile, sourceAt } from './support/file-server.ts'

vi.setConfig({ testTimeout: 60_000 })

const content = Buffer.from(Array.from({ length: 10_500 }, (_, index) => (index * 7919) % 251))
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const wanted = sha(content)
const options = { segmentSize: 1000, atOnce: 3 }

let root: string
let folder: string
let server: FileServer | undefined
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelyard-download-'))
})
afterAll(() => rm(root, { recursive: true }))
afterEach(() => server?.close())

async function begin(misbehave?: Parameters<typeof serveFile>[1]) {
  folder = await mkdtemp(join(root, 'to-'))
  server = await serveFile(content, misbehave)
  return { path: join(folder, 'model.onnx'), source: sourceAt(server.url, content.length) }
}

describe('a download', () => {
  it('brings several segments at once, and leaves nothing beside the file', async () => {
    const { path, source } = await begin()
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect((await readFile(path)).equals(content)).toBe(true)
    expect(await readdir(folder)).toEqual(['model.onnx'])
    expect(server!.asked.sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, index) => index * 1000))
  })

  it('puts sources one after the other', async () => {
    const { path, source } = await begin()
    const half = { bytes: 4200, open: source.open }
    const whole = Buffer.concat([content.subarray(0, 4200), content])
    expect(await download([half, source], path, sha(whole), options)).toBe(sha(whole))
    expect((await readFile(path)).equals(whole)).toBe(true)
  })

  it('writes an empty file without asking for it', async () => {
    const { path, source } = await begin()
    expect(await download([{ ...source, bytes: 0 }], path, sha(Buffer.alloc(0)))).toBe(sha(Buffer.alloc(0)))
    expect([await readFile(path, 'utf8'), server!.asked]).toEqual(['', []])
  })

  it('goes on where a connection broke', async () => {
    const { path, source } = await begin((response, part, count) => {
      if (count !== 2) return false
      response.writeHead(206, { 'content-length': part.length })
      response.write(part.subarray(0, 400), () => setTimeout(() => response.destroy(), 50))
      return true
    })
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect(server!.asked.filter((from) => from % 1000 !== 0)).toEqual([1400])
  })

  it('takes what it asked for from a server that sends everything', async () => {
    const { path, source } = await begin((response) => {
      response.writeHead(200).end(content)
      return true
    })
    expect(await download([source], path, wanted, options)).toBe(wanted)
  })

  it('gives up with a sentence where the connection keeps breaking, and the next run brings only the rest', async () => {
    let isBroken = true
    const { path, source } = await begin((response, _, count) => {
      if (!isBroken || count <= 4) return false
      response.writeHead(206, { 'content-length': 1000 }).end('short', () => response.destroy())
      return true
    })
    await expect(download([source], path, wanted, options)).rejects.toThrow(
      /^The connection broke 4 times during a download \(.*\)\. Run it again: it goes on where it was\.$/,
    )
    isBroken = false
    const before = server!.asked.length
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect(server!.asked.length - before).toBeLessThanOrEqual(7)
    expect(await readdir(folder)).toEqual(['model.onnx'])
  })

  it('goes on after its process was killed', async () => {
    let hangs = true
    const { path, source } = await begin((_, __, count) => hangs && count > 6)
    const args = [server!.url, String(content.length), path, wanted]
    const process = fork(join(import.meta.dirname, 'support/download-process.ts'), args)
    while (server!.asked.length < 8) await new Promise((resolve) => setTimeout(resolve, 20))
    process.kill('SIGKILL')
    await once(process, 'exit')
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^model\.onnx\.[0-9a-f]{16}\.\d+-[0-9a-f]{8}\.part$/)])
    hangs = false
    const before = server!.asked.length
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect(server!.asked.slice(before).sort()).toEqual([10000, 6000, 7000, 8000, 9000])
    expect(await readdir(folder)).toEqual(['model.onnx'])
  })

  it('brings everything again where what was left is damaged', async () => {
    const { path, source } = await begin()
    const notes = Buffer.alloc(11)
    notes.fill(1, 0, 5)
    const damaged = Buffer.from(content).fill(0, 2000, 2100)
    await writeFile(`${path}.${wanted.slice(0, 16)}.part`, Buffer.concat([damaged, notes]))
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect(server!.asked).toHaveLength(6 + 11)
  })

  it('is no file where the digest is another', async () => {
    const { path, source } = await begin()
    expect(await download([source], path, sha(Buffer.from('other')), options)).toBe(wanted)
    expect(await readdir(folder)).toEqual([])
  })

  it('does not touch what another process that lives is bringing', async () => {
    const { path, source } = await begin()
    const others = `model.onnx.${wanted.slice(0, 16)}.${process.ppid}-00000000.part`
    await writeFile(join(folder, others), Buffer.alloc(content.length + 11))
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect(await readdir(folder)).toEqual(['model.onnx', others])
  })

  it('does not touch what this very process is bringing', async () => {
    const held = Promise.withResolvers<void>()
    const { path, source } = await begin((response, part) => {
      held.promise.then(() => response.writeHead(206, { 'content-length': part.length }).end(part))
      return true
    })
    const first = download([source], path, wanted, options)
    await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(1))
    const second = download([source], path, wanted, options)
    await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(2))
    held.resolve()
    expect(await Promise.all([first, second])).toEqual([wanted, wanted])
    expect(await readdir(folder)).toEqual(['model.onnx'])
  })

  it('takes up what a process of the same number left, as in a container that is started again', async () => {
    const { path, source } = await begin()
    const left = Buffer.concat([content, Buffer.alloc(11, 1)])
    await writeFile(`${path}.${wanted.slice(0, 16)}.${process.pid}-00000000.part`, left)
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect([server!.asked, await readdir(folder)]).toEqual([[], ['model.onnx']])
  })

  it('takes no folder for a leftover, and writes over nothing that a link leads to', async () => {
    const { path, source } = await begin()
    const other = join(await mkdtemp(join(root, 'others-')), 'precious')
    const precious = Buffer.alloc(content.length + 11)
    await writeFile(other, precious)
    const link = `${path}.${wanted.slice(0, 16)}.part`
    await symlink(other, link)
    await mkdir(`${path}.${wanted.slice(0, 16)}.${process.pid}-00000000.part`)
    expect(await download([source], path, wanted, options)).toBe(wanted)
    expect((await readFile(other)).equals(precious)).toBe(true)
    expect((await readFile(path)).equals(content)).toBe(true)
  })

  it('takes away what was left of it, and nothing else', async () => {
    const { path, source } = await begin()
    const dead = `.${'f'.repeat(16)}.${process.pid}-00000000.part`
    const names = ['model.onnx.mine.part', 'model.onnx.part-001', `other.onnx${dead}`]
    for (const name of [...names, `model.onnx.${'f'.repeat(16)}.part`, `model.onnx${dead}`]) {
      await writeFile(join(folder, name), 'left')
    }
    await download([source], path, wanted, options)
    expect(await readdir(folder)).toEqual(['model.onnx', ...names])
  })
})

describe('the cache', () => {
  const one = Buffer.from('model one')
  async function filled(limit?: number) {
    folder = await mkdtemp(join(root, 'cache-'))
    const cache = { folder: join(folder, 'sha256'), ...(limit === undefined ? {} : { limit }) }
    const path = join(folder, 'model.onnx')
    await writeFile(path, one)
    await keepInCache(cache, sha(one), path)
    return { cache, path, copy: join(folder, 'copy.onnx') }
  }

  it('gives copies, so that what is done to one reaches no other', async () => {
    const { cache, copy } = await filled()
    expect(await takeFromCache(cache, sha(one), copy)).toBe(true)
    await writeFile(copy, 'changed in place')
    expect(await takeFromCache(cache, sha(one), copy)).toBe(true)
    expect(await readFile(copy, 'utf8')).toBe('model one')
  })

  it('gives nothing that it does not hold, or that is no longer what it was', async () => {
    const { cache, copy } = await filled()
    expect(await takeFromCache(cache, sha(Buffer.from('other')), copy)).toBe(false)
    await writeFile(join(cache.folder, sha(one)), 'poisoned')
    expect(await takeFromCache(cache, sha(one), copy)).toBe(false)
    expect(await readdir(cache.folder)).toEqual([])
    expect(await readdir(folder)).toEqual(['model.onnx', 'sha256'])
  })

  it('stops nothing where it cannot be read or written, and says so', async () => {
    const { cache, copy, path } = await filled()
    const warned: string[] = []
    const warn = (sentence: string) => void warned.push(sentence)
    await rm(join(cache.folder, sha(one)))
    await mkdir(join(cache.folder, sha(one)))
    for (const each of [
      { ...cache, warn },
      { folder: path, warn },
    ]) {
      expect(await takeFromCache(each, sha(one), copy)).toBe(false)
      await keepInCache(each, sha(one), path)
    }
    expect(warned).toEqual([
      expect.stringMatching(/^The cache .* could not be read, so it is downloaded: EISDIR.*\.$/),
      expect.stringMatching(/^The cache .* could not be written, so it is downloaded again next time: EISDIR.*\.$/),
      expect.stringMatching(/could not be read, so it is downloaded: ENOTDIR/),
      expect.stringMatching(/could not be written, so it is downloaded again next time: EEXIST/),
    ])
  })

  it('leaves what others are writing into it, unless they gave that up', async () => {
    const { cache, path } = await filled(20)
    const [fresh, abandoned] = [join(cache.folder, 'fresh.part'), join(cache.folder, 'abandoned.part')]
    for (const part of [fresh, abandoned]) await writeFile(part, Buffer.alloc(30))
    const yesterday = new Date(Date.now() - 25 * 3_600_000)
    await utimes(abandoned, yesterday, yesterday)
    await keepInCache(cache, sha(one), path)
    expect((await readdir(cache.folder)).sort()).toEqual([sha(one), 'fresh.part'].sort())
  })

  it('lets go of what was not used for longest, and never takes what is larger than it', async () => {
    const { cache, path } = await filled(20)
    const others = ['model two', 'model three'].map((text) => Buffer.from(text))
    for (const other of [...others, Buffer.alloc(21)]) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      await writeFile(path, other)
      await keepInCache(cache, sha(other), path)
    }
    expect((await readdir(cache.folder)).sort()).toEqual(others.map(sha).sort())
  })
})
