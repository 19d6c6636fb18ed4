/** The registers of a HyperLogLog, and how they and hashes are written down. */

/** The eleven last bits of a hash say which register it is in: a standard error of 2.3 %. */
export const REGISTERS = 2048
/** As many of the least hashes are kept. */
export const LEAST = 128

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const HASH_BYTES = 6

/**
 * The registers from the least hash in each: the zeros that its other 53 bits start with, and one. 0 where it has none.
 */
export function registersOf(least: ReadonlyMap<number, bigint>): Uint8Array {
  return Uint8Array.from({ length: REGISTERS }, (_, register) => {
    const hash = least.get(register)
    return hash === undefined ? 0 : 54 - bitsOf(hash >> 11n)
  })
}

function bitsOf(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

export function writeRegisters(registers: Uint8Array): string {
  return Array.from(registers, (value) => ALPHABET[value]).join('')
}

export function readRegisters(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => ALPHABET.indexOf(character))
}

/** The first 48 bits of 64-bit hashes, each once, the least 128 in ascending order. */
export function writeHashes(hashes: Iterable<bigint>): string {
  const sorted = [...new Set([...hashes].map((hash) => Number(hash >> 16n)))].sort((a, b) => a - b)
  return sorted.slice(0, LEAST).map(writeHash).join('')
}

export function writeHash(hash: number): string {
  const bytes = Buffer.alloc(HASH_BYTES)
  bytes.writeUIntBE(hash, 0, HASH_BYTES)
  return bytes.toString('base64')
}

export function readHashes(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.readUIntBE(index * HASH_BYTES, HASH_BYTES),
  )
}
