import { createHash } from 'node:crypto'
import { partOf, rangeOf, STREAMED } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { openBucket } from './bucket.ts'
import { isOfDvc } from './dvc.ts'
import type { Store } from './store.ts'

/** The digest that S3 keeps beside an object, computed by itself. */
const CHECKSUM = 'x-amz-checksum-sha256'

/**
 * An S3-compatible bucket, in which bytes lie at `<prefix>/sha256/<digest>`; or a file that DVC pushed to one, which is
 * only read. Throws a `UserError` where there is no key.
 */
export function openS3(pointer: URL, env: NodeJS.ProcessEnv): Store {
  const bucket = openBucket(pointer.host, env)
  if (!bucket.signed) {
    throw new UserError(
      `The store ${pointer.href} needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as aws-actions/configure-aws-credentials does.`,
    )
  }
  const whole = isOfDvc(pointer.pathname)
  const keyOf = (digest: string) =>
    whole ? pointer.pathname : `${pointer.pathname.replace(/\/$/, '')}/sha256/${digest}`

  /** The digest of what lies where a content of this digest should. */
  async function digestOf(digest: string): Promise<string> {
    const { body } = await bucket.ask(`Reading ${named(digest)}`, { path: keyOf(digest), expected: [200] })
    const hash = createHash('sha256')
    for await (const chunk of body!) hash.update(chunk)
    return hash.digest('hex')
  }

  const named = (digest: string) => `s3://${pointer.host}${keyOf(digest.slice(0, 12))}${whole ? '' : '…'}`
  return {
    pointer: pointer.href,
    ...(whole ? { whole } : {}),
    async has({ sha256, bytes }) {
      // A key that may not list the bucket is answered 403 where nothing is.
      const response = await bucket.ask(`Asking for ${named(sha256)}`, {
        method: 'HEAD',
        path: keyOf(sha256),
        headers: { 'x-amz-checksum-mode': 'ENABLED' },
        expected: [200, 403, 404],
      })
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
      await bucket.ask(`Sending to ${named(sha256)}`, {
        ...{ method: 'PUT', path: keyOf(sha256), headers, body: content, init: STREAMED },
        expected: [200],
      })
    },
    async open({ sha256 }, span) {
      const response = await bucket.ask(`Reading ${named(sha256)}`, {
        ...{ path: keyOf(sha256), headers: rangeOf(span) },
        expected: [200, 206],
      })
      return partOf(response.status, response.body!, span)
    },
  }
}

/** As S3 writes a SHA-256. */
function checksumOf(sha256: string): string {
  return Buffer.from(sha256, 'hex').toString('base64')
}
