/** A number, a percentage, a time or a size, as people write them. */
export const amountPattern = /^-?\d+(?:\.\d+)?(?:%|ms|s|min|h|kB|MB|GB)$/

/** What a number is counted in; null where it is a plain number. */
export type Unit = 's' | 'bytes' | null

/** A number that may be relative to another (`"20%"`). Times are in seconds, sizes in bytes. */
export interface Amount {
  value: number
  relative: boolean
  unit: Unit
}

const UNITS: Record<string, { factor: number; unit: Unit }> = {
  ms: { factor: 1e-3, unit: 's' },
  s: { factor: 1, unit: 's' },
  min: { factor: 60, unit: 's' },
  h: { factor: 3600, unit: 's' },
  kB: { factor: 1e3, unit: 'bytes' },
  MB: { factor: 1e6, unit: 'bytes' },
  GB: { factor: 1e9, unit: 'bytes' },
}

export const UNIT_NAMES = Object.keys(UNITS)

/** Reads a gate's number: `0.6`, `"20%"` (relative, 0.2), `"5ms"` (0.005 s), `"50MB"` (5e7 bytes). */
export function amount(written: number | string): Amount {
  if (typeof written === 'number') return { value: written, relative: false, unit: null }
  const value = Number.parseFloat(written)
  const known = UNITS[written.replace(/^[-\d.]+/, '')]
  // Divided, a written 5ms is the double that is nearest to 0.005; multiplied by a rounded thousandth it is not always.
  if (known)
    return {
      value: known.factor < 1 ? value / (1 / known.factor) : value * known.factor,
      relative: false,
      unit: known.unit,
    }
  return { value: value / 100, relative: true, unit: null }
}
