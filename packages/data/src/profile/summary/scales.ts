/** Bits that a sum keeps of the sample's greatest value; values may be 2^21 times as great until they are too large. */
const KEPT = 42
/** Powers of two up to this one, and one divided by it, are doubles with all their digits. */
const MOST = 1000

export interface Scales {
  x: number
  squares: number
}

/** By which powers of two numbers of up to about `magnitude` and their squares are multiplied before they are summed. */
export function scalesFor(type: string, magnitude: number): Scales {
  const size = exponentOf(magnitude)
  const whole = /INT|^DECIMAL\(\d+,0\)$/.test(type)
  const scale = (bits: number) => Math.max(-MOST, Math.min(KEPT - bits, whole ? 0 : MOST))
  return { x: scale(size), squares: scale(2 * size) }
}

/** The least power of two that is greater, from the number's own bits: `Math.log2` is not the same everywhere. */
function exponentOf(value: number): number {
  if (value === 0) return 0
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  return ((bits.getUint16(0) >> 4) & 0x7ff) - 1022
}
