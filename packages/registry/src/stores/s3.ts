import { createHash } from 'node:crypto'
import { partOf, rangeOf, STREAMED } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { AwsV4Signer } from 'aws4fetch'
import { isOfDvc } from './dvc.ts'
import { ask } from './http.ts'
import type { Store } from './store.ts'

/** The digest that S3 keeps beside an object, computed by itself. */
const CHECKSUM = 'x-amz-checksum-sha256'

/**
 * An S3-compatible bucket, in which bytes lie at `<prefix>/sha256/<digest>`; or a file that DVC pushed to one, which is
 * only read. Reads the variables of AWS's own tools:
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.
 * Throws a `UserError` where there is no key.
 */
export function openS3(pointer: URL, env: NodeJS.ProcessEnv): Store {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!accessKeyId || !secretAccessKey) {
    throw new UserError(
      `The store ${pointer.href} needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as aws-actions/configure-aws-credentials does.`,
    )
  }
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint = endpointIn(env)
  const base = bucketUrl(pointer.host, region, endpoint?.url)
  const whole = isOfDvc(pointer.pathname)
  const keyOf = (digest: string) =>
    whole ? pointer.pathname : `${pointer.pathname.replace(/\/$/, '')}/sha256/${digest}`

  async function send(method: string, digest: string, headers: Record<string, string>, body?: Blob): Promise<Response> {
    const signer = new AwsV4Signer({
      ...{
        method,
        url: base + keyOf(digest),
        headers,
        service: 's3',
        region,
        accessKeyId: accessKeyId!,
        secretAccessKey: secretAccessKey!,
      },
      ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    })
    const signed = await signer.sign()
    return fetch(signed.url, { method, headers: signed.headers, ...(body ? { body, ...STREAMED } : {}) })
  }

  /** The digest of what lies where a content of this digest should. */
  async function digestOf(digest: string): Promise<string> {
    const { body } = await ask(`Reading ${named(digest)}`, () => send('GET', digest, {}), [200])
    const hash = createHash('sha256')
    for await (const chunk of body!) hash.update(chunk)
    return hash.digest('hex')
  }

  const named = (digest: string) => `s3://${pointer.host}${keyOf(digest.slice(0, 12))}${whole ? '' : '…'}`
  const where = endpoint ? ` at ${endpoint.url} (${endpoint.variable})` : ''
  return {
    pointer: pointer.href,
    ...(whole ? { whole } : {}),
    async has({ sha256, bytes }) {
      // A key that may not list the bucket is answered 403 where nothing is.
      const asking = { 'x-amz-checksum-mode': 'ENABLED' }
      const response = await ask(
        `Asking for ${named(sha256)}${where}`,
        () => send('HEAD', sha256, asking),
        [200, 403, 404],
      )
      if (response.status !== 200 || Number(response.headers.get('content-length')) !== bytes) return false
      // A name and a length are no digest: without the store's own, the bytes are read.
      return response.headers.get(CHECKSUM) === checksumOf(sha256) || (await digestOf(sha256)) === sha256
    },
    async put({ sha256 }, content) {
      if (whole)
        throw new UserError(`DVC's remote has no ${named(sha256)}: run dvc push before the model is registered.`)
      // The signed digest of the body is the store's to compare: it refuses other bytes.
      const headers = {
        'x-amz-content-sha256': sha256,
        [CHECKSUM]: checksumOf(sha256),
        'content-type': 'application/octet-stream',
      }
      await ask(`Sending to ${named(sha256)}${where}`, () => send('PUT', sha256, headers, content), [200])
    },
    async open({ sha256 }, span) {
      const response = await ask(
        `Reading ${named(sha256)}${where}`,
        () => send('GET', sha256, rangeOf(span)),
        [200, 206],
      )
      return partOf(response.status, response.body!, span)
    },
  }
}

/** As S3 writes a SHA-256. */
function checksumOf(sha256: string): string {
  return Buffer.from(sha256, 'hex').toString('base64')
}

/** Amazon's own buckets have a host each; a bucket whose name holds a dot, and other servers', stand in the path. */
function bucketUrl(bucket: string, region: string, endpoint: string | undefined): string {
  if (endpoint) return `${endpoint.replace(/\/$/, '')}/${bucket}`
  if (bucket.includes('.')) return `https://s3.${region}.amazonaws.com/${bucket}`
  return `https://${bucket}.s3.${region}.amazonaws.com`
}

/** Where the buckets are, if not at Amazon. Throws a `UserError` for what is no address. */
function endpointIn(env: NodeJS.ProcessEnv): { variable: string; url: string } | undefined {
  const variable = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].find((name) => env[name])
  if (variable === undefined) return undefined
  const url = env[variable]!
  if (/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return { variable, url }
  throw new UserError(`${variable} is ${JSON.stringify(url)}; it must be an address like https://s3.example.com.`)
}
