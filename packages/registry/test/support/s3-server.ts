import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const KEY = { id: 'AKIAMODELYARD', secret: 'a secret of the tests' }

/**
 * As much of S3 as a store needs, over memory: objects are put, asked for and read by range. A signature (version 4) is
 * computed anew from the request as AWS documents it, and the signed digest of a body is compared with the body. With
 * `checksums` it says the SHA-256 of what it holds where it is asked to.
 */
export async function serveS3({ checksums = true } = {}): Promise<{
  env: NodeJS.ProcessEnv
  objects: Map<string, Buffer>
  close(): void
}> {
  const objects = new Map<string, Buffer>()
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const refused = refusal(request, body)
    if (refused)
      return response
        .writeHead(refused === 'XAmzContentSHA256Mismatch' ? 400 : 403)
        .end(`<Error><Code>${refused}</Code></Error>`)
    if (request.method === 'PUT') {
      objects.set(request.url!, body)
      return response.end()
    }
    const object = objects.get(request.url!)
    if (!object)
      return response.writeHead(404).end(request.method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    const part = from === undefined ? object : object.subarray(Number(from), Number(to) + 1)
    const isAsked = checksums && request.headers['x-amz-checksum-mode'] === 'ENABLED'
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': part.length,
      ...(isAsked ? { 'x-amz-checksum-sha256': createHash('sha256').update(object).digest('base64') } : {}),
    })
    response.end(request.method === 'HEAD' ? '' : part)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: KEY.id,
      AWS_SECRET_ACCESS_KEY: KEY.secret,
      AWS_REGION: 'eu-central-1',
    },
    objects,
    close: () => server.close(),
  }
}

function refusal({ method, url, headers }: IncomingMessage, body: Buffer): string | undefined {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+\/[^/]+\/s3\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/
  const [, id, scope, names, signature] = said.exec(headers.authorization ?? '') ?? []
  if (id !== KEY.id) return 'InvalidAccessKeyId'
  const digest = String(headers['x-amz-content-sha256'])
  const signed = names!.split(';').map((name) => `${name}:${headers[name]}\n`)
  const canonical = [method, url, '', signed.join(''), names, digest].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n')
  const key = scope!.split('/').reduce<Buffer | string>((key, part) => hmac(key, part), `AWS4${KEY.secret}`)
  if (hmac(key, toSign).toString('hex') !== signature) return 'SignatureDoesNotMatch'
  if (digest !== 'UNSIGNED-PAYLOAD' && digest !== sha(body)) return 'XAmzContentSHA256Mismatch'
  return undefined
}

const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const hmac = (key: Buffer | string, content: string) => createHmac('sha256', key).update(content).digest()
