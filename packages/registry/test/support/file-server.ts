import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { partOf, rangeOf, type Span } from '@modelyard/github'
import type { Source } from '../../src/bytes/download.ts'

/** A server of one file that does with each request what the test says; undefined is to answer it. */
export interface FileServer {
  url: string
  /** Where the requests began, in their order. */
  asked: number[]
  close(): void
}

export async function serveFile(
  content: Buffer,
  misbehave: (response: ServerResponse, part: Buffer, count: number) => boolean = () => false,
): Promise<FileServer> {
  const asked: number[] = []
  const server = createServer((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range!)!
    asked.push(Number(from))
    const part = content.subarray(Number(from), Number(to) + 1)
    if (misbehave(response, part, asked.length)) return
    response.writeHead(206, { 'content-length': part.length }).end(part)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** What lies at a URL, as something to download. */
export function sourceAt(url: string, bytes: number): Source {
  return {
    bytes,
    async open(span: Span) {
      const response = await fetch(url, { headers: rangeOf(span) })
      return partOf(response.status, response.body!, span)
    },
  }
}
