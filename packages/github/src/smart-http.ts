import type { GitAddress } from './git-address.ts'

/**
 * Two questions of git's protocol, version 2 over HTTP (https://git-scm.com/docs/protocol-v2), a request each. `git fetch`
 * asks them too, and writes a file for each of tens of thousands of refs; here nothing is written.
 */

/** A tag as a server lists it. */
export interface ListedTag {
  /** `refs/tags/m@v1.0.0`. */
  ref: string
  sha: string
  /** What an annotated tag names in the end; undefined for a lightweight one. */
  peeled?: string
}

/** A server that does not answer as git's servers do. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  /** The HTTP status; 0 where there was no answer, undefined where it was one that cannot be read. */
  readonly status: number | undefined

  constructor(message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { cause })
    this.status = status
  }
}

const FLUSH = '0000'
const DELIMITER = '0001'
const PREFIX = 'peeled:'

/** Every tag of a repository. Throws a `ProtocolError`. */
export async function listTags(address: GitAddress): Promise<ListedTag[]> {
  const asked = [line('command=ls-refs'), DELIMITER, line('peel'), line('ref-prefix refs/tags/'), FLUSH]
  const tags: ListedTag[] = []
  for await (const packet of ask(address, asked)) {
    const [sha, ref, peeled] = packet.toString('utf8').trimEnd().split(' ')
    tags.push({ ref: ref!, sha: sha!, ...(peeled ? { peeled: peeled.slice(PREFIX.length) } : {}) })
  }
  return tags
}

/** The pack of some objects, without those that are `had` and what they hold. Throws a `ProtocolError`. */
export async function* fetchPack(
  address: GitAddress,
  { wanted, had }: { wanted: readonly string[]; had: readonly string[] },
): AsyncGenerator<Buffer> {
  const options = [line('ofs-delta'), line('no-progress')]
  const objects = [...wanted.map((sha) => line(`want ${sha}`)), ...had.map((sha) => line(`have ${sha}`))]
  let isPack = false
  for await (const packet of ask(address, [
    line('command=fetch'),
    DELIMITER,
    ...options,
    ...objects,
    line('done'),
    FLUSH,
  ])) {
    if (!isPack) isPack = packet.toString('utf8').startsWith('packfile')
    else if (packet[0] === 1) yield packet.subarray(1)
    else if (packet[0] === 3) throw new ProtocolError(packet.toString('utf8', 1).trim())
  }
  if (!isPack) throw new ProtocolError('the answer has no pack')
}

async function* ask({ url, header }: GitAddress, lines: readonly string[]): AsyncGenerator<Buffer> {
  const [name, value] = header.split(': ') as [string, string]
  const response = await fetch(`${url}/git-upload-pack`, {
    method: 'POST',
    headers: {
      [name]: value,
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
    },
    body: lines.join(''),
  }).catch((cause) => {
    throw new ProtocolError(`it could not be reached: ${String(cause.cause?.message ?? cause.message)}`, {
      status: 0,
      cause,
    })
  })
  if (!response.ok || !response.body)
    throw new ProtocolError(`it answers ${response.status}`, { status: response.status })
  try {
    yield* packets(response.body)
  } catch (cause) {
    throw cause instanceof ProtocolError ? cause : new ProtocolError('the answer breaks off', { cause })
  }
}

/** A text as a packet: its length in four digits, then itself. */
function line(text: string): string {
  return `${(text.length + 5).toString(16).padStart(4, '0')}${text}\n`
}

/** A server that refuses says so in a packet, in an answer that is a success for HTTP. */
const REFUSAL = 'ERR '

/** The packets of an answer, without those that only divide. An answer that is whole ends with one of these. */
async function* packets(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let isWhole = false
  for await (const chunk of body) {
    const bytes =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    let at = 0
    while (at + 4 <= bytes.length) {
      const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16)
      if (Number.isNaN(length)) throw new ProtocolError('the answer is not of git’s protocol')
      if (at + length > bytes.length) break
      isWhole = length === 0
      const packet = bytes.subarray(at + 4, at + length)
      if (packet.toString('latin1', 0, REFUSAL.length) === REFUSAL)
        throw new ProtocolError(packet.toString('utf8', REFUSAL.length).trim())
      if (length > 4) yield packet
      at += Math.max(length, 4)
    }
    rest = bytes.subarray(at)
  }
  if (rest.length > 0 || !isWhole) throw new ProtocolError('the answer breaks off')
}
