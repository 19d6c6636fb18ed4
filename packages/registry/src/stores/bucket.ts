import { UserError } from '@modelyard/spec'
import { AwsV4Signer } from 'aws4fetch'
import { ask } from './http.ts'

/** A request of S3's, and what may come of it. */
export interface BucketRequest {
  method?: string
  /** The object's key as a path, with its slash; `/` for the bucket itself. Encoded as in a URL. */
  path: string
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Sent as it is; `init` says how. */
  body?: Blob
  init?: RequestInit
  expected: readonly number[]
}

/** An S3-compatible bucket. */
export interface Bucket {
  /** Its address. */
  url: string
  /** Whether requests are signed: without keys, only what is public can be read. */
  signed: boolean
  /** Sends a request, again where it failed in passing; throws a `RefusedError` that says what we were `doing`. */
  ask(doing: string, request: BucketRequest): Promise<Response>
}

/**
 * A bucket by its name. Reads the variables of AWS's own tools: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL. Throws a `UserError` for what is no address.
 */
export function openBucket(name: string, env: NodeJS.ProcessEnv): Bucket {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint = endpointIn(env)
  const base = bucketUrl(name, region, endpoint?.url)
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined
  const where = endpoint ? ` at ${endpoint.url} (${endpoint.variable})` : ''

  async function send({ method = 'GET', path, query = {}, headers = {}, body, init }: BucketRequest) {
    const asked = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
    const url = `${base}${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`
    const rest = { ...init, ...(body && { body }) }
    if (!keys) return fetch(url, { method, headers, ...rest })
    const signer = new AwsV4Signer({
      ...{ method, url, headers, service: 's3', region, ...keys },
      ...(token && { sessionToken: token }),
    })
    const signed = await signer.sign()
    return fetch(signed.url, { method, headers: signed.headers, ...rest })
  }

  return {
    url: base,
    signed: keys !== undefined,
    ask: (doing, request) => ask(`${doing}${where}`, () => send(request), request.expected),
  }
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
