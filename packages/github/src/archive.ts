import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import type { Open } from './download.ts'

/** How much is asked for at a time. Records are smaller, so that an archive of records alone is one request. */
const BLOCK = 1 << 20

/** Blocks beside those of the files themselves: for the list of them, and where one begins or ends inside a block. */
const SPARE = 8

/** The list is read while files are, each from a block of its own. */
const KEPT = 2

/** No archive of ours has more files; the list of one that has is not read to its end. */
const MOST_ENTRIES = 1000

/**
 * Reads a few small files out of a zip file that lies elsewhere, and of it only the blocks that they are in: what lies
 * beside them may be large. `bytes` is the archive's size, `limit` what one file may come to. Names that are not in it
 * are not in the answer; of two of one name it is the first. Throws an `Error` for what is no zip file, for a file that
 * is larger than `limit`, packed or not, or than it says, for a list of more than 1,000 files, and where more blocks would
 * have to be read than that takes.
 */
export async function readEntries(
  open: Open,
  { bytes, names, limit }: { bytes: number; names: readonly string[]; limit: number },
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const most = Math.ceil((names.length * limit) / BLOCK) + SPARE
  const zip = await fromRandomAccessReaderPromise(new BlockReader(open, { bytes, most }), bytes, {
    autoClose: false,
    strictFileNames: true,
  })
  if (zip.entryCount > MOST_ENTRIES)
    throw new Error(`it holds ${zip.entryCount} files; at most ${MOST_ENTRIES} are read`)
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    if (!names.includes(name) || found.has(name)) continue
    // What is packed may be the larger: a packer may write blocks of nothing.
    const size = Math.max(entry.uncompressedSize, entry.compressedSize)
    if (size > limit) throw new Error(`${name} in it has ${size} bytes; at most ${limit} are read`)
    found.set(name, await buffer(await zip.openReadStreamPromise(entry)))
  }
  return found
}

/** A content that is read block by block: `most` of them at all, of which the last are kept. */
class BlockReader extends RandomAccessReader {
  readonly #blocks = new Map<number, Promise<Buffer>>()
  readonly #open: Open
  readonly #bytes: number
  #left: number

  constructor(open: Open, { bytes, most }: { bytes: number; most: number }) {
    super()
    this.#open = open
    this.#bytes = bytes
    this.#left = most
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
    if (this.#left-- === 0) throw new Error('more of it would have to be read than its records can take')
    const span = { start: index * BLOCK, end: Math.min((index + 1) * BLOCK, this.#bytes) }
    const block = this.#open(span).then((body) => buffer(body))
    this.#blocks.set(index, block)
    if (this.#blocks.size > KEPT) this.#blocks.delete(this.#blocks.keys().next().value!)
    return block
  }
}
