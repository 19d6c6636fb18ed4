import type { Bucket } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { XMLParser } from 'fast-xml-parser'

/** What lies at a key: its ETag and its size. */
export interface Version {
  tag: string
  bytes: number
}

/** An object of a bucket, and what lies there now, as far as that is known. */
export interface Listed {
  key: string
  now?: Version | undefined
}

const MOST = 10_000

interface Page {
  Contents?: Array<{ Key: string; ETag: string; Size: string }>
  IsTruncated?: string
  NextContinuationToken?: string
  EncodingType?: string
}

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' })

/** All objects of a bucket whose keys begin so, in their order. Throws a `UserError` where they are too many. */
export async function listKeys(bucket: Bucket, prefix: string, doing: string): Promise<Listed[]> {
  const listed: Listed[] = []
  const query: Record<string, string> = { 'list-type': '2', 'encoding-type': 'url', prefix }
  for (;;) {
    const response = await bucket.ask(doing, { path: '/', query, expected: [200] })
    const page = (PARSER.parse(await response.text()) as { ListBucketResult?: Page | '' }).ListBucketResult || {}
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      const key = page.EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key
      // Some servers leave out the quotes, which are there where the object is read.
      listed.push({ key, now: { tag: `"${ETag.replaceAll('"', '')}"`, bytes: Number(Size) } })
    }
    if (listed.length > MOST)
      throw new UserError(
        `${doing} would list more than ${MOST} objects. Let the pattern name fewer, or join the files.`,
      )
    if (page.IsTruncated !== 'true' || !page.NextContinuationToken) return listed
    query['continuation-token'] = page.NextContinuationToken
  }
}
