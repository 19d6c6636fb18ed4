import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '@modelyard/spec'

const DIGEST = /^\/v2\/[\w/]+\/blobs\/sha256:([0-9a-f]{64})$/

/**
 * As much of an OCI registry (distribution specification 1.1) as a store needs, over memory: blobs are begun, put, asked
 * for and read by range, manifests are put and read by tag. It computes the digest of what it is sent, and refuses a
 * manifest that names a blob that it does not hold. MODELYARD_OCI_REGISTRY names the host of another one.
 */
export async function serveOci(): Promise<{ host: string; close(): void }> {
  const blobs = new Map<string, Buffer>()
  const manifests = new Map<string, Buffer>()

  function answer(method: string, url: URL, body: Buffer): { status: number; body?: Buffer; location?: string } {
    const { pathname } = url
    const [, named] = DIGEST.exec(pathname) ?? []
    if (method === 'POST' && pathname.endsWith('/blobs/uploads/')) {
      return { status: 202, location: `${pathname}1?_state=begun` }
    }
    if (method === 'PUT' && pathname.endsWith('/blobs/uploads/1')) {
      const digest = sha256(body)
      if (url.searchParams.get('_state') !== 'begun') return refuse(404, 'BLOB_UPLOAD_UNKNOWN')
      if (url.searchParams.get('digest') !== `sha256:${digest}`) return refuse(400, 'DIGEST_INVALID')
      blobs.set(digest, body)
      return { status: 201 }
    }
    if (method === 'PUT') {
      const { config, layers } = JSON.parse(body.toString())
      for (const { digest, size } of [config, ...layers]) {
        if (blobs.get(digest.slice('sha256:'.length))?.length !== size) return refuse(404, 'MANIFEST_BLOB_UNKNOWN')
      }
      manifests.set(pathname, body)
      return { status: 201 }
    }
    const held = named === undefined ? manifests.get(pathname) : blobs.get(named)
    return held ? { status: 200, body: held } : refuse(404, 'BLOB_UNKNOWN')
  }

  const server = createServer(async (request, response) => {
    const said = answer(
      request.method!,
      new URL(request.url!, 'http://registry'),
      Buffer.concat(await request.toArray()),
    )
    const { status, part } = ranged(request, said)
    response.writeHead(status, { 'content-length': part.length, ...(said.location ? { location: said.location } : {}) })
    response.end(request.method === 'HEAD' ? '' : part)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

function refuse(status: number, code: string): { status: number; body: Buffer } {
  return { status, body: Buffer.from(JSON.stringify({ errors: [{ code, message: 'as the specification has it' }] })) }
}

function ranged({ headers }: IncomingMessage, { status, body = Buffer.alloc(0) }: { status: number; body?: Buffer }) {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? []
  if (status !== 200 || from === undefined) return { status, part: body }
  return { status: 206, part: body.subarray(Number(from), Number(to) + 1) }
}
