import protobuf from 'protobufjs/light.js'

/**
 * The part of `onnx.proto` (ONNX 1.23, IR version 13) that says what a model takes, gives and is made of. Lists of
 * weights are declared as the bytes that they are packed in: their length is all that is asked of them.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: { id: 1, type: 'int64' },
        graph: { id: 7, type: 'Graph' },
        opsetImport: { id: 8, rule: 'repeated', type: 'OperatorSet' },
        metadata: { id: 14, rule: 'repeated', type: 'Entry' },
        trainingInfo: { id: 20, rule: 'repeated', type: 'Empty' },
        functions: { id: 25, rule: 'repeated', type: 'Function' },
      },
    },
    Empty: { fields: {} },
    OperatorSet: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
    Entry: { fields: { key: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } } },
    Graph: {
      fields: {
        nodes: { id: 1, rule: 'repeated', type: 'Node' },
        initializers: { id: 5, rule: 'repeated', type: 'Tensor' },
        inputs: { id: 11, rule: 'repeated', type: 'Value' },
        outputs: { id: 12, rule: 'repeated', type: 'Value' },
        sparseInitializers: { id: 15, rule: 'repeated', type: 'SparseTensor' },
      },
    },
    Node: {
      fields: {
        inputs: { id: 1, rule: 'repeated', type: 'string' },
        outputs: { id: 2, rule: 'repeated', type: 'string' },
        operator: { id: 4, type: 'string' },
        attributes: { id: 5, rule: 'repeated', type: 'Attribute' },
        domain: { id: 7, type: 'string' },
      },
    },
    Attribute: {
      fields: {
        name: { id: 1, type: 'string' },
        tensor: { id: 5, type: 'Tensor' },
        graph: { id: 6, type: 'Graph' },
        ints: { id: 8, rule: 'repeated', type: 'int64' },
        strings: { id: 9, rule: 'repeated', type: 'bytes' },
        tensors: { id: 10, rule: 'repeated', type: 'Tensor' },
        graphs: { id: 11, rule: 'repeated', type: 'Graph' },
        sparseTensor: { id: 22, type: 'SparseTensor' },
        sparseTensors: { id: 23, rule: 'repeated', type: 'SparseTensor' },
      },
    },
    Tensor: {
      fields: {
        dims: { id: 1, rule: 'repeated', type: 'int64' },
        dataType: { id: 2, type: 'int32' },
        floats: { id: 4, rule: 'repeated', type: 'bytes' },
        int32s: { id: 5, rule: 'repeated', type: 'bytes' },
        strings: { id: 6, rule: 'repeated', type: 'bytes' },
        int64s: { id: 7, rule: 'repeated', type: 'int64' },
        name: { id: 8, type: 'string' },
        raw: { id: 9, type: 'bytes' },
        doubles: { id: 10, rule: 'repeated', type: 'bytes' },
        uint64s: { id: 11, rule: 'repeated', type: 'bytes' },
        externalData: { id: 13, rule: 'repeated', type: 'Entry' },
        dataLocation: { id: 14, type: 'int32' },
      },
    },
    SparseTensor: { fields: { values: { id: 1, type: 'Tensor' }, indices: { id: 2, type: 'Tensor' } } },
    Function: {
      fields: {
        name: { id: 1, type: 'string' },
        nodes: { id: 7, rule: 'repeated', type: 'Node' },
        opsetImport: { id: 9, rule: 'repeated', type: 'OperatorSet' },
        domain: { id: 10, type: 'string' },
        attributes: { id: 11, rule: 'repeated', type: 'Attribute' },
      },
    },
    Value: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'Type' } } },
    Type: {
      fields: {
        tensor: { id: 1, type: 'TensorType' },
        sequence: { id: 4, type: 'SequenceType' },
        map: { id: 5, type: 'MapType' },
        sparseTensor: { id: 8, type: 'TensorType' },
        optional: { id: 9, type: 'SequenceType' },
      },
    },
    TensorType: { fields: { element: { id: 1, type: 'int32' }, shape: { id: 2, type: 'Shape' } } },
    SequenceType: { fields: { element: { id: 1, type: 'Type' } } },
    MapType: { fields: { key: { id: 1, type: 'int32' }, value: { id: 2, type: 'Type' } } },
    Shape: { fields: { dimensions: { id: 1, rule: 'repeated', type: 'Dimension' } } },
    Dimension: {
      oneofs: { is: { oneof: ['value', 'parameter'] } },
      fields: { value: { id: 1, type: 'int64' }, parameter: { id: 2, type: 'string' } },
    },
  },
})

/** The message types, for reading models and, in tests, for writing them. */
export const ModelProto = root.lookupType('Model')

export interface OnnxProto {
  irVersion: number
  graph: GraphProto | null
  opsetImport: Array<{ domain: string; version: number }>
  metadata: Array<{ key: string; value: string }>
  trainingInfo: object[]
  functions: FunctionProto[]
}
export interface FunctionProto {
  name: string
  nodes: NodeProto[]
  opsetImport: Array<{ domain: string }>
  domain: string
  /** What its nodes refer to, where the caller says nothing. */
  attributes: AttributeProto[]
}
export interface GraphProto {
  nodes: NodeProto[]
  initializers: TensorProto[]
  inputs: ValueProto[]
  outputs: ValueProto[]
  sparseInitializers: SparseTensorProto[]
}
export interface NodeProto {
  inputs: string[]
  outputs: string[]
  operator: string
  attributes: AttributeProto[]
  domain: string
}
export interface AttributeProto {
  name: string
  tensor: TensorProto | null
  graph: GraphProto | null
  ints: number[]
  strings: Uint8Array[]
  tensors: TensorProto[]
  graphs: GraphProto[]
  sparseTensor: SparseTensorProto | null
  sparseTensors: SparseTensorProto[]
}
export interface TensorProto {
  dims: number[]
  dataType: number
  floats: Uint8Array[]
  int32s: Uint8Array[]
  strings: Uint8Array[]
  int64s: number[]
  name: string
  raw: Uint8Array
  doubles: Uint8Array[]
  uint64s: Uint8Array[]
  externalData: Array<{ key: string; value: string }>
  dataLocation: number
}
export interface SparseTensorProto {
  values: TensorProto | null
  indices: TensorProto | null
}
export interface ValueProto {
  name: string
  type: TypeProto | null
}
export interface TypeProto {
  tensor: TensorTypeProto | null
  sparseTensor: TensorTypeProto | null
  sequence: { element: TypeProto | null } | null
  optional: { element: TypeProto | null } | null
  map: { key: number; value: TypeProto | null } | null
}
export interface TensorTypeProto {
  element: number
  shape: { dimensions: Array<{ is?: 'value' | 'parameter'; value: number; parameter: string }> } | null
}

/** Reads an ONNX file's bytes. Throws where they are no such message. */
export function readModelProto(bytes: Uint8Array): OnnxProto {
  return ModelProto.toObject(ModelProto.decode(bytes), {
    longs: Number,
    arrays: true,
    defaults: true,
    oneofs: true,
  }) as OnnxProto
}
