import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Network } from '../../src/index.ts'

/** What lies at a path: bytes that are sent in parts and with an ETag, or what the test does with each request. */
export type Served = Buffer | ((response: ServerResponse, range: [number, number] | undefined, count: number) => void)

/** A server of files, that stands for `https://data.example` and all other hosts. */
export interface Files {
  files: Map<string, Served>
  /** What was asked for, in its order: `/a.csv 0-0`. */
  asked: string[]
  url: string
  network: Network
  close(): void
}

export async function serveFiles(): Promise<Files> {
  const files = new Map<string, Served>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const range = from === undefined ? undefined : ([Number(from), Number(to)] as [number, number])
    asked.push(`${request.url}${range ? ` ${range.join('-')}` : ''}`)
    const served = files.get(request.url!)
    if (served === undefined) response.writeHead(404).end('no such file')
    else if (typeof served === 'function') served(response, range, asked.length)
    else sendPart(response, served, range)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { files, asked, url, network: networkOf(url), close }
}

/** A network in which every https address is one of the server's, and hosts have the addresses that their names say. */
export function networkOf(url: string): Network {
  return {
    fetch: (to, init) => fetch(String(to).replace(/^https:\/\/[^/]+/, url), init),
    addressesOf: async (host) => [host === 'intranet.example' ? '10.0.0.7' : '203.0.113.9'],
  }
}

/** Sends what was asked for as nginx does; the bytes by `send`, where a test wants them otherwise. */
export function sendPart(
  response: ServerResponse,
  content: Buffer,
  range: [number, number] | undefined,
  {
    tag = `"${content.length}"`,
    send = (part) => response.end(part),
  }: { tag?: string; send?: (part: Buffer) => unknown } = {},
): void {
  if (range === undefined) {
    response.writeHead(200, { etag: tag, 'content-length': content.length })
    send(content)
  } else if (content.length === 0) response.writeHead(416, { 'content-range': 'bytes */0' }).end()
  else {
    const part = content.subarray(range[0], range[1] + 1)
    const last = range[0] + part.length - 1
    const headers = { etag: tag, 'content-range': `bytes ${range[0]}-${last}/${content.length}` }
    response.writeHead(206, { ...headers, 'content-length': part.length })
    send(part)
  }
}
