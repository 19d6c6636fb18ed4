/**
 * The least hash in each of the registers into which hashes fall, of 48 bits: a HyperLogLog is how many zeros they start
 * with (Flajolet, Fusy, Gandouet, Meunier 2007), and the least of them are a sample of the values (KMV, by registers as
 * in Li, Owen, Zhang: One Permutation Hashing, 2012).
 */

/** The eleven last bits of a hash say which register it is in: a standard error of 2.3 %. */
export const REGISTERS = 2048
/** As many of the least hashes are kept. */
const LEAST = 128
/** Of a hash, without those of its register. */
const BITS = 37

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const HASH_BYTES = 6

/** The registers from the least hash in each: the zeros that its bits start with, and one. 0 where it has none. */
export function registersOf(least: readonly number[]): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  for (const hash of least) {
    const bits = Math.floor(hash / REGISTERS)
    registers[registerOf(hash)] = BITS + 1 - (bits === 0 ? 0 : bits.toString(2).length)
  }
  return registers
}

export function registerOf(hash: number): number {
  return hash % REGISTERS
}

/** The least of some hashes, ascending: of each register only its least. */
export function leastOf(hashes: readonly number[]): number[] {
  const taken = new Set<number>()
  const least: number[] = []
  for (const hash of [...hashes].sort((a, b) => a - b)) {
    if (least.length === LEAST) break
    if (taken.has(registerOf(hash))) continue
    taken.add(registerOf(hash))
    least.push(hash)
  }
  return least
}

export function writeRegisters(registers: Uint8Array): string {
  return Array.from(registers, (value) => ALPHABET[value]).join('')
}

export function readRegisters(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => ALPHABET.indexOf(character))
}

export function writeHashes(hashes: readonly number[]): string {
  const bytes = Buffer.alloc(hashes.length * HASH_BYTES)
  for (const [index, hash] of hashes.entries()) bytes.writeUIntBE(hash, index * HASH_BYTES, HASH_BYTES)
  return bytes.toString('base64')
}

export function readHashes(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.readUIntBE(index * HASH_BYTES, HASH_BYTES),
  )
}
