import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import type { Open } from './download.ts'

/** How much is asked for at a time. Records are smaller, so that an archive of records alone is one request. */
const BLOCK = 1 << 20

/** No archive of ours has more files; the list of one that has is not read to its end. */
const MOST_ENTRIES = 1000

/**
 * Reads a few small files out of a zip file that lies elsewhere, and of it only the blocks that they are in: what lies
 * beside them may be large. `bytes` is the archive's size, `limit` what one file may come to. Names that are not in it
 * are not in the answer; of two of one name it is the first. Throws an `Error` for what is no zip file, for a file that
 * is larger than `limit` or than it says, and for a list of more than 1,000 files.
 */
export async function readEntries(
  open: Open,
  { bytes, names, limit }: { bytes: number; names: readonly string[]; limit: number },
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const zip = await fromRandomAccessReaderPromise(new BlockReader(open, bytes), bytes, {
    autoClose: false,
    strictFileNames: true,
  })
  if (zip.entryCount > MOST_ENTRIES)
    throw new Error(`it holds ${zip.entryCount} files; at most ${MOST_ENTRIES} are read`)
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    if (!names.includes(name) || found.has(name)) continue
    if (entry.uncompressedSize > limit)
      throw new Error(`${name} in it has ${entry.uncompressedSize} bytes; at most ${limit} are read`)
    found.set(name, await buffer(await zip.openReadStreamPromise(entry)))
  }
  return found
}

/** A content that is read block by block, each once. */
class BlockReader extends RandomAccessReader {
  readonly #blocks = new Map<number, Promise<Buffer>>()
  readonly #open: Open
  readonly #bytes: number

  constructor(open: Open, bytes: number) {
    super()
    this.#open = open
    this.#bytes = bytes
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#read(start, end))
  }

  async *#read(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const index = Math.floor(at / BLOCK)
      const from = at - index * BLOCK
      const piece = (await this.#block(index)).subarray(from, from + end - at)
      if (piece.length === 0) throw new Error('it ends before its files do')
      yield piece
      at += piece.length
    }
  }

  #block(index: number): Promise<Buffer> {
    const known = this.#blocks.get(index)
    if (known) return known
    const span = { start: index * BLOCK, end: Math.min((index + 1) * BLOCK, this.#bytes) }
    const block = this.#open(span).then((body) => buffer(body))
    this.#blocks.set(index, block)
    return block
  }
}
