import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchPack, listTags } from '../src/index.ts'

/** What a server that is none of git's may answer, byte by byte: a packet has its length in four digits. */
const packet = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`
const sha = (letter: string) => letter.repeat(40)

let server: Server
let answer: { status: number; bytes: Buffer; breaks?: boolean }
let asked: string
let address: { url: string; header: string }
beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked = `${request.url} ${request.headers['git-protocol']} ${request.headers.authorization} `
    for await (const chunk of request) asked += chunk
    response.writeHead(answer.status)
    for (const byte of answer.bytes) response.write(Buffer.from([byte]))
    if (answer.breaks) setTimeout(() => response.socket?.destroy(), 50)
    else response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  address = { url: `http://127.0.0.1:${port}/ada/models.git`, header: 'Authorization: Basic c2VjcmV0' }
})
afterAll(() => server.close())

async function whole(pack: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

describe('the protocol of git', () => {
  it('lists tags, however their bytes arrive', async () => {
    const lines = [`${sha('a')} refs/tags/m@v1.0.0 peeled:${sha('b')}\n`, `${sha('c')} refs/tags/light\n`]
    answer = { status: 200, bytes: Buffer.from(`${lines.map(packet).join('')}0000`) }
    expect(await listTags(address)).toEqual([
      { ref: 'refs/tags/m@v1.0.0', sha: sha('a'), peeled: sha('b') },
      { ref: 'refs/tags/light', sha: sha('c') },
    ])
    expect(asked).toBe(
      '/ada/models.git/git-upload-pack version=2 Basic c2VjcmV0 0014command=ls-refs\n00010009peel\n001aref-prefix refs/tags/\n0000',
    )
  })

  it('takes the pack out of what is said beside it', async () => {
    const parts = ['packfile\n', '\u0002counting\n', '\u0001PACK', '\u0001rest']
    answer = { status: 200, bytes: Buffer.from(`${parts.map(packet).join('')}0000`) }
    expect(await whole(fetchPack(address, { wanted: [sha('a')], had: [sha('b')] }))).toBe('PACKrest')
    expect(asked).toContain(`want ${sha('a')}\n`)
    expect(asked).toContain(`have ${sha('b')}\n0009done\n0000`)
  })

  it.each([
    ['nothing is found', 404, '', 'it answers 404'],
    ['it is no server of git', 200, '<html></html>', 'the answer is not of git’s protocol'],
    ['the answer ends inside a packet', 200, '00ff1234', 'the answer breaks off'],
    ['there is no pack', 200, '0000', 'the answer has no pack'],
    ['the server fails meanwhile', 200, `${packet('packfile\n')}${packet('\u0003out of memory')}`, 'out of memory'],
  ])('takes nothing for an answer where %s', async (_, status, text, sentence) => {
    answer = { status, bytes: Buffer.from(text) }
    await expect(whole(fetchPack(address, { wanted: [sha('a')], had: [] }))).rejects.toThrow(sentence)
  })

  it.each([
    ['refuses', packet('ERR busy, try again later\n'), 'busy, try again later'],
    ['ends before its last packet', packet(`${sha('c')} refs/tags/light\n`), 'the answer breaks off'],
    ['says nothing', '', 'the answer breaks off'],
  ])('takes no list of tags for whole where the server %s', async (_, text, sentence) => {
    answer = { status: 200, bytes: Buffer.from(text) }
    await expect(listTags(address)).rejects.toThrow(
      expect.objectContaining({ name: 'ProtocolError', message: sentence }),
    )
  })

  it('takes nothing for an answer where the connection breaks', async () => {
    answer = { status: 200, bytes: Buffer.from(packet('packfile\n')), breaks: true }
    await expect(whole(fetchPack(address, { wanted: [sha('a')], had: [] }))).rejects.toThrow('the answer breaks off')
    await expect(listTags({ ...address, url: 'http://127.0.0.1:1/x' })).rejects.toThrow('it could not be reached')
  })
})
