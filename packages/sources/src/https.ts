import { posix } from 'node:path'
import { partOf, rangeOf, type Span } from '@modelyard/github'
import { ask } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { refuseChanged, strongTag } from './etag.ts'
import { follow, type Network } from './redirects.ts'
import type { Located, Remote, Wanted } from './remote.ts'
import { sayFrom, targetOf } from './targets.ts'

/** A packed content has no parts of its own. */
const UNPACKED = { 'accept-encoding': 'identity' }

/** A file at an https address. Throws a `UserError` for an address with a login in it. */
export function atAddress(wanted: Wanted, network: Network): Remote {
  const from = sayFrom(wanted.from)
  const url = URL.canParse(wanted.from) ? new URL(wanted.from) : undefined
  if (!url) throw new UserError(`data.fetch asks for ${from}, which is no address: write https://host/path.`)
  if (url.username || url.password)
    throw new UserError(
      `data.fetch asks for ${from} with a login in it, which everybody reads who reads the repository: take it out, and let prepare fetch the file with a secret.`,
    )
  return {
    from,
    to: targetOf(wanted, decode(posix.basename(url.pathname))),
    pinned: wanted.sha256,
    locate: () => locate(url, { from, isPinned: wanted.sha256 !== undefined, network }),
  }
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * Asks for the first byte: not every address that may be read may be asked by HEAD. Parts are fetched where they will
 * fit together, by the server's ETag or by the digest of the whole.
 */
async function locate(
  url: URL,
  { from, isPinned, network }: { from: string; isPinned: boolean; network: Network },
): Promise<Located> {
  const send = (headers: Record<string, string>, expected: number[]) =>
    ask(`Fetching ${from}`, () => follow(url, { ...UNPACKED, ...headers }, network), expected)
  const first = await send(rangeOf({ start: 0, end: 1 }), [200, 206, 416])
  await first.body?.cancel()
  const tag = strongTag(first)
  const bytes = bytesInParts(first)
  const version = tag && `${url.href} ${tag}`
  const open = async (span?: Span) => {
    const response = await send(span ? rangeOf(span) : {}, span ? [200, 206] : [200])
    await refuseChanged(response, tag, from)
    return span ? partOf(response.status, response.body!, span) : response.body!
  }
  if (bytes === undefined || !(isPinned || tag)) return { version, content: { stream: () => open() } }
  return { version, content: { bytes, open } }
}

/** The size of the whole, of an answer that is a part of it; undefined where the server sends no parts. */
function bytesInParts({ status, headers }: Response): number | undefined {
  if (status === 200 || headers.has('content-encoding')) return undefined
  const [, bytes] = /^bytes (?:0-0|\*)\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? []
  return bytes === undefined ? undefined : Number(bytes)
}
