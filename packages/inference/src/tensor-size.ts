import type { TensorProto } from './onnx-proto.ts'

/** Bits of an element by `TensorProto.DataType`; text has none. */
const bits: Record<number, number> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16 },
  ...{ 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2 },
}
const STRING = 8

/**
 * What is wrong with the size of a tensor, as the end of a sentence; undefined where it holds exactly what its shape
 * declares.
 */
export function sizeProblem(tensor: TensorProto): string | undefined {
  const { dims, dataType, raw } = tensor
  const size = bits[dataType]
  if (size === undefined && dataType !== STRING) return `has elements of type ${dataType}, which ONNX does not define`
  if (dims.some((dim) => dim < 0)) return `has the shape ${dims.join(' × ')}`
  const declared = dims.reduce((product, dim) => product * dim, 1)
  const [held, unit] =
    dataType !== STRING && raw.length > 0
      ? [raw.length, Math.ceil((declared * size!) / 8)]
      : [listed(tensor), entries(declared, dataType, size ?? 8)]
  if (held === unit) return undefined
  const parts = dataType !== STRING && raw.length > 0 ? 'bytes' : 'values'
  return `declares ${unit.toLocaleString('en-US')} ${parts} (${dims.join(' × ') || 'one element'}) and holds ${held.toLocaleString('en-US')}`
}

/** How many entries the lists of a tensor have for so many elements: two for a complex number, one for several small ones. */
function entries(elements: number, dataType: number, size: number): number {
  if (dataType === 14 || dataType === 15) return 2 * elements
  return size < 8 ? Math.ceil((elements * size) / 8) : elements
}

/** The entries in whichever list the tensor uses. */
function listed({ floats, int32s, strings, int64s, doubles, uint64s }: TensorProto): number {
  const bytes = (chunks: Uint8Array[]) => chunks.reduce((sum, { length }) => sum + length, 0)
  return bytes(floats) / 4 + varints(int32s) + strings.length + int64s.length + bytes(doubles) / 8 + varints(uint64s)
}

/** Every number in a run of variable length ends with a byte below 128. */
function varints(chunks: readonly Uint8Array[]): number {
  let count = 0
  for (const chunk of chunks) for (const byte of chunk) count += +(byte < 128)
  return count
}
