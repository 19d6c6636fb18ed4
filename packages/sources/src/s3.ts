import { posix } from 'node:path'
import { partOf, rangeOf } from '@modelyard/github'
import { openBucket } from '@modelyard/registry'
import { RefusedError, UserError } from '@modelyard/spec'
import { refuseChanged, strongTag } from './etag.ts'
import { type Listed, listKeys, type Version } from './list-keys.ts'
import type { Located, Remote, Wanted } from './remote.ts'
import { targetOf } from './targets.ts'

/**
 * The files of a bucket: an object by its key, those below a key that ends with `/`, or those whose keys a pattern
 * matches. Below `to` they keep the folders that the pattern does not name. Throws a `UserError` where none is there.
 */
export async function inBucket(wanted: Wanted, env: NodeJS.ProcessEnv): Promise<Remote[]> {
  const [, name, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(wanted.from) as unknown as [string, string, string]
  const bucket = openBucket(name, env)
  const doing = `Fetching ${wanted.from}${bucket.signed ? '' : ' without a key (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set)'}`
  const remote = ({ key, now }: Listed, within: string): Remote => ({
    from: `s3://${name}/${key}`,
    to: targetOf(wanted, key.slice(within.length)),
    pinned: wanted.sha256,
    locate: () => locate(key, now),
  })

  async function locate(key: string, listed: Version | undefined): Promise<Located> {
    const path = `/${key.split('/').map(encodeURIComponent).join('/')}`
    const { tag, bytes } = listed ?? (await head(path))
    return {
      version: `${bucket.url}${path} ${tag}`,
      content: {
        bytes,
        async open(span) {
          const response = await bucket.ask(doing, { path, headers: rangeOf(span), expected: [200, 206] })
          await refuseChanged(response, tag, `s3://${name}/${key}`)
          return partOf(response.status, response.body!, span)
        },
      },
    }
  }

  async function head(path: string): Promise<Version> {
    const response = await bucket.ask(doing, { method: 'HEAD', path, expected: [200] })
    const [tag, length] = [strongTag(response), response.headers.get('content-length')]
    if (tag !== undefined && length !== null) return { tag, bytes: Number(length) }
    throw new RefusedError(`${doing} failed: the server tells no ETag and size of it, as S3 does.`)
  }

  if (!isSeveral(key)) return [remote({ key }, key.slice(0, key.lastIndexOf('/') + 1))]
  const [fixed] = /^[^*?[{]*/.exec(key)!
  const within = fixed.slice(0, fixed.lastIndexOf('/') + 1)
  const isMeant = (each: string) => !each.endsWith('/') && (fixed === key || posix.matchesGlob(each, key))
  const listed = await listKeys(bucket, fixed, doing)
  const found = listed.filter((each) => isMeant(each.key))
  if (found.length > 0) return found.map((each) => remote(each, within))
  throw new UserError(
    `data.fetch asks for ${wanted.from}, and of the ${listed.length} objects below s3://${name}/${fixed} none is meant by it. Look at its spelling.`,
  )
}

/** Whether a key stands for several objects. */
function isSeveral(key: string): boolean {
  return key === '' || key.endsWith('/') || /[*?[{]/.test(key)
}
