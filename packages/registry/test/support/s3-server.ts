import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const KEY = { id: 'AKIAMODELYARD', secret: 'a secret of the tests' }

/**
 * As much of S3 as a store needs, over memory: objects are put, asked for, listed (two on a page) and read by range. A
 * signature (version 4) is computed anew from the request as AWS documents it, and the signed digest of a body is
 * compared with the body. With `checksums` it says the SHA-256 of what it holds where it is asked to. A `open` bucket
 * needs no signature.
 */
export async function serveS3({ checksums = true, open = '' } = {}): Promise<{
  env: NodeJS.ProcessEnv
  objects: Map<string, Buffer>
  /** What was asked for, in its order: `GET /bucket/key`. */
  asked: string[]
  close(): void
}> {
  const objects = new Map<string, Buffer>()
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const body = Buffer.concat(await request.toArray())
    const isOpen = open !== '' && request.url!.startsWith(`/${open}/`) && request.headers.authorization === undefined
    const refused = isOpen ? undefined : refusal(request, body)
    if (refused)
      return response
        .writeHead(refused === 'XAmzContentSHA256Mismatch' ? 400 : 403)
        .end(`<Error><Code>${refused}</Code></Error>`)
    if (request.method === 'PUT') {
      objects.set(request.url!, body)
      return response.end()
    }
    if (request.url!.includes('?list-type=2')) return response.end(list(objects, request.url!))
    const object = objects.get(request.url!)
    if (!object)
      return response.writeHead(404).end(request.method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    const part = from === undefined ? object : object.subarray(Number(from), Number(to) + 1)
    const isAsked = checksums && request.headers['x-amz-checksum-mode'] === 'ENABLED'
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': part.length,
      etag: tagOf(object),
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
    asked,
    close: () => server.close(),
  }
}

/** A page of what is in a bucket, as ListObjectsV2 writes it with `encoding-type=url`. */
function list(objects: Map<string, Buffer>, url: string): string {
  const { pathname, searchParams: asked } = new URL(url, 'http://s3')
  const all = [...objects]
    .filter(([path]) => path.startsWith(pathname))
    .map(([path, content]) => ({ key: decodeURIComponent(path.slice(pathname.length)), content }))
    .filter(({ key }) => key.startsWith(asked.get('prefix')!))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const from = Number(asked.get('continuation-token') ?? 0)
  const contents = all
    .slice(from, from + 2)
    .map(
      ({ key, content }) =>
        `<Contents><Key>${encodeURIComponent(key).replaceAll('%20', '+')}</Key><ETag>${tagOf(content).replaceAll('"', '&quot;')}</ETag><Size>${content.length}</Size></Contents>`,
    )
  const next = from + 2 < all.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''
  return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== ''}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
}

const tagOf = (content: Buffer) => `"${createHash('md5').update(content).digest('hex')}"`

function refusal({ method, url, headers }: IncomingMessage, body: Buffer): string | undefined {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+\/[^/]+\/s3\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/
  const [, id, scope, names, signature] = said.exec(headers.authorization ?? '') ?? []
  if (id !== KEY.id) return 'InvalidAccessKeyId'
  const digest = String(headers['x-amz-content-sha256'])
  const signed = names!.split(';').map((name) => `${name}:${headers[name]}\n`)
  const [path, query = ''] = url!.split('?')
  const sorted = query.split('&').sort().join('&')
  const canonical = [method, path, sorted, signed.join(''), names, digest].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n')
  const key = scope!.split('/').reduce<Buffer | string>((key, part) => hmac(key, part), `AWS4${KEY.secret}`)
  if (hmac(key, toSign).toString('hex') !== signature) return 'SignatureDoesNotMatch'
  if (digest !== 'UNSIGNED-PAYLOAD' && digest !== sha(body)) return 'XAmzContentSHA256Mismatch'
  return undefined
}

const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const hmac = (key: Buffer | string, content: string) => createHmac('sha256', key).update(content).digest()
