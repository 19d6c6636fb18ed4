import type { Columns } from '@modelyard/data'
import { type Signature, UserError } from '@modelyard/spec'
import type { Tensor } from 'onnxruntime-node'
import type { Features } from './features.ts'

type Port = Signature['inputs'][number]
type TensorConstructor = typeof import('onnxruntime-node').Tensor

/** Numbers as a tensor's data; `range` where it holds whole numbers only, and which. */
interface Numeric {
  type: Exclude<Tensor.Type, 'string'>
  range?: readonly [low: number, high: number]
  from(values: Float64Array): unknown
}

const SAFE = Number.MAX_SAFE_INTEGER

const numeric: Record<string, Numeric> = {
  'tensor(float)': { type: 'float32', from: (values) => new Float32Array(values) },
  'tensor(double)': { type: 'float64', from: (values) => values },
  'tensor(float16)': { type: 'float16', from: (values) => new Uint16Array(Float16Array.from(values).buffer) },
  'tensor(int64)': { type: 'int64', range: [-SAFE, SAFE], from: (values) => BigInt64Array.from(values, BigInt) },
  'tensor(uint64)': { type: 'uint64', range: [0, SAFE], from: (values) => BigUint64Array.from(values, BigInt) },
  'tensor(int32)': { type: 'int32', range: [-(2 ** 31), 2 ** 31 - 1], from: (values) => Int32Array.from(values) },
  'tensor(uint32)': { type: 'uint32', range: [0, 2 ** 32 - 1], from: (values) => Uint32Array.from(values) },
  'tensor(int16)': { type: 'int16', range: [-(2 ** 15), 2 ** 15 - 1], from: (values) => Int16Array.from(values) },
  'tensor(uint16)': { type: 'uint16', range: [0, 2 ** 16 - 1], from: (values) => Uint16Array.from(values) },
  'tensor(int8)': { type: 'int8', range: [-128, 127], from: (values) => Int8Array.from(values) },
  'tensor(uint8)': { type: 'uint8', range: [0, 255], from: (values) => Uint8Array.from(values) },
  'tensor(bool)': { type: 'bool', range: [0, 1], from: (values) => Uint8Array.from(values) },
}

/**
 * The tensors that a batch of columns becomes, one for each input. Text that is missing becomes '', a number that is
 * missing NaN. Throws a `UserError` for values that an input's type cannot hold.
 */
export function tensorsOf(
  batch: Columns,
  features: Features,
  { inputs }: Signature,
  Tensor: TensorConstructor,
): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map((input, index) => [input.name, tensorOf(batch, features.inputs[index]!, input, Tensor)]),
  )
}

function tensorOf(batch: Columns, columns: readonly string[], input: Port, Tensor: TensorConstructor): Tensor {
  const rows = batch[columns[0]!]!.length
  const shape = input.shape.length === 1 ? [rows] : [rows, columns.length]
  if (input.type === 'tensor(string)') {
    const texts = new Array<string>(rows * columns.length)
    for (const [column, name] of columns.entries()) {
      const values = batch[name] as Array<string | null>
      for (let row = 0; row < rows; row++) texts[row * columns.length + column] = values[row] ?? ''
    }
    return new Tensor('string', texts, shape)
  }
  const kind = numeric[input.type]
  if (!kind) {
    throw new UserError(
      `The model's input ${input.name} is ${input.type}. Modelyard feeds float, double, float16, whole numbers, bool and string.`,
    )
  }
  const values = sideBySide(columns.map((name) => numbersOf(batch, name, input, kind)))
  return numberTensor(kind, values, shape, Tensor)
}

function numbersOf(batch: Columns, name: string, { name: input, type }: Port, { range }: Numeric): Float64Array {
  const given = batch[name]!
  // A CSV says no type where there is no value.
  const none = Array.isArray(given) && given.every((value) => value === null)
  const values = none ? new Float64Array(given.length).fill(Number.NaN) : given
  if (!(values instanceof Float64Array)) {
    throw new UserError(`The model's input ${input} is ${type}, and the column ${name} holds no numbers.`)
  }
  if (!range) return values
  const wrong = values.find((value) => !(Number.isInteger(value) && value >= range[0] && value <= range[1]))
  if (wrong === undefined) return values
  const what = Number.isNaN(wrong) ? 'rows without a value' : `${wrong}, which that type does not hold`
  throw new UserError(
    `The model's input ${input} is ${type}, and the column ${name} has ${what}. Make the input a float, or mend the column.`,
  )
}

/** Columns as one row-major matrix. */
function sideBySide(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0]!
  const width = columns.length
  const matrix = new Float64Array(columns[0]!.length * width)
  for (const [column, values] of columns.entries()) {
    for (let row = 0; row < values.length; row++) matrix[row * width + column] = values[row]!
  }
  return matrix
}

function numberTensor({ type, from }: Numeric, values: Float64Array, shape: number[], Tensor: TensorConstructor) {
  if (type !== 'float16') return new Tensor(type, from(values) as Float32Array, shape) as Tensor
  // The native binding takes the bits of halves, and the constructor would make a Float16Array of them, which it does not.
  return Object.assign(new Tensor('uint16', from(values) as Uint16Array, shape), { type }) as unknown as Tensor
}
