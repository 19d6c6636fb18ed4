import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '@modelyard/spec'

const AUTHORIZATION = `Basic ${Buffer.from('x-access-token:t0k3n').toString('base64')}`

/**
 * Git LFS for the repository acme/models, as its documents describe the batch API and basic transfers. Like some, it
 * names a header of the connection among those that are to be sent.
 */
export async function serveLfs({ expiresIn }: { expiresIn?: number } = {}): Promise<{
  apiUrl: string
  token: string
  verified: string[]
  /** How many times the batch API was asked. */
  batches: () => number
  close(): void
}> {
  let batches = 0
  const objects = new Map<string, Buffer>()
  const verified: string[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const oid = request.url!.split('/').at(-1)!
    if (request.headers['x-transfer'] === 'granted') {
      if (request.method === 'POST') verified.push(JSON.parse(body.toString()).oid)
      else if (request.method === 'PUT' && sha256(body) !== oid) return response.writeHead(400).end('not what it says')
      else if (request.method === 'PUT') objects.set(oid, body)
      if (request.method !== 'GET') return response.end()
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range!)!
      return response.writeHead(206).end(objects.get(oid)!.subarray(Number(from), Number(to) + 1))
    }
    if (request.headers.authorization !== AUTHORIZATION)
      return response.writeHead(401).end('{"message":"Bad credentials"}')
    if (request.url !== '/acme/models.git/info/lfs/objects/batch') return response.writeHead(404).end()
    batches += 1
    const { operation, objects: asked } = JSON.parse(body.toString())
    const answer = asked.map((object: { oid: string; size: number }) => {
      const header = { 'x-transfer': 'granted', 'Transfer-Encoding': 'chunked' }
      const action = { href: `${origin}/transfer/${object.oid}`, header, expires_in: expiresIn }
      const isThere = objects.get(object.oid)?.length === object.size
      if (operation === 'upload') return isThere ? object : { ...object, actions: { upload: action, verify: action } }
      if (isThere) return { ...object, actions: { download: action } }
      return { ...object, error: { code: 404, message: 'Object does not exist' } }
    })
    response.end(JSON.stringify({ transfer: 'basic', objects: answer }))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { apiUrl: `${origin}/api/v3`, token: 't0k3n', verified, batches: () => batches, close: () => server.close() }
}
