import type { Signature } from '@modelyard/spec'
import type { GraphProto, TensorTypeProto, TypeProto, ValueProto } from './onnx-proto.ts'

/** `TensorProto.DataType`, by number, as ONNX Runtime names them. */
const elements = [
  'undefined',
  'float',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'double',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
]

/** What a graph takes and gives: `tensor(float)` with the shape `["N", 3]`, `seq(map(int64,tensor(float)))` with none. */
export function signatureOf(graph: GraphProto): Signature {
  // Before IR version 4, weights were inputs too.
  const weights = new Set(graph.initializers.map(({ name }) => name))
  return {
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)).map(describe),
    outputs: graph.outputs.map(describe),
  }
}

type Port = Signature['inputs'][number]

function describe({ name, type }: ValueProto): Port {
  return { name, type: typeName(type), shape: type?.tensor ? shapeOf(type.tensor) : [] }
}

function typeName(type: TypeProto | null): string {
  if (type?.tensor) return `tensor(${elementName(type.tensor.element)})`
  if (type?.sparseTensor) return `sparse_tensor(${elementName(type.sparseTensor.element)})`
  if (type?.sequence) return `seq(${typeName(type.sequence.element)})`
  if (type?.optional) return `optional(${typeName(type.optional.element)})`
  if (type?.map) return `map(${elementName(type.map.key)},${typeName(type.map.value)})`
  return 'undefined'
}

function elementName(element: number): string {
  return elements[element] ?? `type ${element}`
}

function shapeOf({ shape }: TensorTypeProto): Port['shape'] {
  return (shape?.dimensions ?? []).map((dimension) => {
    if (dimension.is === 'value') return dimension.value
    return dimension.parameter || '?'
  })
}
