import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchFiles, type Surroundings, type Wanted } from '../src/index.ts'
import { type Files, sendPart, serveFiles } from './support/files.ts'
import { filesIn, makeSurroundings } from './support/surroundings.ts'

vi.setConfig({ testTimeout: 60_000 })

const content = Buffer.from(Array.from({ length: 10_500 }, (_, index) => (index * 7919) % 251))
const sha256 = createHash('sha256').update(content).digest('hex')
const from = 'https://data.example/flights.csv'

let server: Files
let place: Surroundings
beforeAll(async () => {
  server = await serveFiles()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.files.clear()
  server.files.set('/flights.csv', content)
  server.asked.length = 0
  place = await makeSurroundings({ network: server.network })
  place.cache = { folder: join(place.root, 'cache/sha256') }
})

const bring = (wanted: Partial<Wanted> = {}) => fetchFiles([{ from, to: 'data/', ...wanted } as Wanted], place)
const there = () => filesIn(place.folder)

describe('a file at an https address', () => {
  it('is there under its own name or another, with its digest', async () => {
    const [file] = await bring()
    expect(file).toEqual({ from, to: 'data/flights.csv', bytes: 10_500, sha256, fetched: true, pinned: false })
    expect((await readFile(join(place.folder, 'data/flights.csv'))).equals(content)).toBe(true)
    await bring({ to: 'all.csv' })
    expect(await there()).toEqual(['all.csv', 'data/flights.csv'])
  })

  it('is not asked for again where it is pinned and at hand, in place or in the cache', async () => {
    await bring({ sha256 })
    server.asked.length = 0
    expect(await bring({ sha256 })).toMatchObject([{ fetched: false, pinned: true }])
    expect(await bring({ sha256, to: 'copy.csv' })).toMatchObject([{ fetched: false }])
    expect(server.asked).toEqual([])
  })

  it('is not sent again where its ETag is that of what is at hand', async () => {
    await bring()
    server.asked.length = 0
    expect(await bring()).toMatchObject([{ fetched: false, sha256 }])
    expect(server.asked).toEqual(['/flights.csv 0-0'])
    server.files.set('/flights.csv', Buffer.from('other bytes'))
    expect(await bring()).toMatchObject([{ fetched: true, bytes: 11 }])
  })

  it('is not used where it has other bytes than were pinned', async () => {
    server.files.set('/flights.csv', Buffer.from('other bytes'))
    await expect(bring({ sha256 })).rejects.toThrow(
      new RegExp(
        `^https://data\\.example/flights\\.csv has the digest \\w{64}, but ${sha256} was asked for: it is not`,
      ),
    )
    expect(await there()).toEqual([])
  })

  it('is asked for again where the server is overloaded or the connection breaks', async () => {
    server.files.set('/flights.csv', (response, range, count) => {
      if (count === 1) response.writeHead(503).end()
      else if (count === 3) {
        response.writeHead(206, { etag: '"10500"', 'content-length': 10_500 })
        response.write(content.subarray(0, 100), () => setTimeout(() => response.destroy(), 50))
      } else sendPart(response, content, range)
    })
    expect(await bring()).toMatchObject([{ sha256 }])
    expect(await there()).toEqual(['data/flights.csv'])
  })

  it('is no mixture where it changes meanwhile', async () => {
    server.files.set('/flights.csv', (response, range, count) =>
      sendPart(response, content, range, { tag: `"${count}"` }),
    )
    await expect(bring()).rejects.toThrow(
      'https://data.example/flights.csv changed while it was fetched. Run it again.',
    )
    expect((await there()).filter((name) => !name.endsWith('.part'))).toEqual([])
  })

  it.each<[string, Parameters<Files['files']['set']>[1]]>([
    ['of a server without parts', (response) => response.writeHead(200, { 'content-length': 10_500 }).end(content)],
    ['of which nobody tells the size', (response) => response.writeHead(200).write(content, () => response.end())],
    [
      'with an ETag that does not stand for bytes',
      (response, range) => sendPart(response, content, range, { tag: 'W/"1"' }),
    ],
  ])('comes whole %s', async (_, served) => {
    server.files.set('/flights.csv', served)
    expect(await bring()).toMatchObject([{ sha256, fetched: true }])
    expect(await bring({ sha256, to: 'pinned.csv' })).toMatchObject([{ sha256 }])
    expect(await there()).toEqual(['data/flights.csv', 'pinned.csv'])
  })

  it('is not there where its end never comes', async () => {
    server.files.set('/flights.csv', (response, range) => {
      response.writeHead(200)
      if (range) response.end(content)
      else response.write('short', () => response.destroy())
    })
    await expect(bring()).rejects.toThrow(
      /^The connection broke 4 times while https:\/\/data\.example\/flights\.csv was fetched \(.*\)\. Run it again\.$/,
    )
    expect(await there()).toEqual([])
  })

  it('may be empty', async () => {
    server.files.set('/flights.csv', Buffer.alloc(0))
    expect(await bring()).toMatchObject([{ bytes: 0 }])
  })

  it('tells how far it is', async () => {
    const told: unknown[] = []
    place.tell = (progress) => told.push(progress)
    await bring()
    expect(told.at(-1)).toEqual({ from, to: 'data/flights.csv', bytes: 10_500, of: 10_500 })
  })
})

describe('an https address', () => {
  it('is shown without its query, in which secrets are', async () => {
    const signed = { from: `${from}.gone?X-Amz-Signature=hush#hush` }
    await expect(bring(signed)).rejects.toThrow('Fetching https://data.example/flights.csv.gone failed: 404 Not Found.')
  })

  it('has no login', async () => {
    const error = await bring({ from: 'https://ada:hush@data.example/a.csv' }).catch((error: Error) => error.message)
    expect(error).toMatch(/^data\.fetch asks for https:\/\/data\.example\/a\.csv with a login in it/)
    expect(error).not.toContain('hush')
  })

  const sentOn = (to: string) =>
    server.files.set('/old.csv', (response) => response.writeHead(302, { location: to }).end())
  const old = { from: 'https://data.example/old.csv' }

  it('may send on to another', async () => {
    sentOn('https://store.example/flights.csv?signature=hush')
    server.files.set('/flights.csv?signature=hush', content)
    expect(await bring({ ...old, to: 'a.csv' })).toMatchObject([{ sha256, from: 'https://data.example/old.csv' }])
  })

  it.each([
    ['http://data.example/flights.csv', 'http://data.example, which is not https'],
    ['file:///etc/passwd', 'file://, which is not https'],
    ['https://intranet.example/flights.csv', 'intranet.example, an address of a private network'],
    ['https://169.254.169.254/latest', '169.254.169.254, an address of a private network'],
    ['https://[::ffff:127.0.0.1]/flights.csv', '[::ffff:7f00:1], an address of a private network'],
  ])('may not send on to %s', async (to, why) => {
    sentOn(to)
    await expect(bring(old)).rejects.toThrow(`https://data.example/old.csv sends on to ${why}, so it is not fetched.`)
  })

  it('may send on within a private network that it is in itself', async () => {
    sentOn('https://10.1.2.3/flights.csv')
    expect(await bring({ from: 'https://intranet.example/old.csv' })).toMatchObject([{ sha256 }])
  })

  it('may not send on for ever', async () => {
    sentOn('/old.csv')
    await expect(bring(old)).rejects.toThrow('sends on more than 5 times')
  })
})
