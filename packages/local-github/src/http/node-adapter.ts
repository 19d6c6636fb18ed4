import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Answers a request of node:http with a fetch handler; bodies are streamed both ways. */
export async function serveFetch(
  handler: (request: Request) => Response | Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each)
  }
  const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream)
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`
  const request = new Request(url, { method, headers, body, duplex: 'half' } as RequestInit)
  const response = await handler(request)
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (response.body && method !== 'HEAD') {
    // A client that goes away in the middle is its own affair.
    await pipeline(Readable.fromWeb(response.body as never), outgoing).catch(() => {})
  } else outgoing.end()
  // What was refused unread is read to its end, or the connection's next request would wait behind it.
  if (request.body && !request.bodyUsed) await request.body.pipeTo(new WritableStream()).catch(() => {})
  // What was refused in its middle has no end that is worth waiting for.
  else if (incoming.complete === false) incoming.destroy()
}
