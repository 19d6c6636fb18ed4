import { type GraphProto, ModelProto } from './onnx-proto.ts'

/**
 * An output that holds a map from class to probability for each row, and the tensor that it is made from; or a list of
 * tensors, each of them.
 */
export interface Zipped {
  output: string
  /** The tensor, rows × classes. A list has an entry for each of its tensors, in their order. */
  tensor: string
}

/**
 * The outputs of a graph that `ZipMap` makes, as converters of scikit-learn and LightGBM put it at the end, or
 * `SequenceConstruct`, as that of a `MultiOutputClassifier` does.
 */
export function zippedOutputs({ nodes, outputs }: GraphProto): Zipped[] {
  const given = new Set(outputs.map(({ name }) => name))
  return nodes
    .filter(({ operator, domain }) =>
      domain === 'ai.onnx.ml' ? operator === 'ZipMap' : operator === 'SequenceConstruct',
    )
    .flatMap(({ inputs, outputs: [output] }) => {
      return output !== undefined && given.has(output) ? inputs.map((tensor) => ({ output, tensor })) : []
    })
}

/**
 * A model that gives these tensors, too: ONNX Runtime for JavaScript cannot read maps. Protocol buffers that follow one
 * another are merged, so the outputs come after the model as it is.
 */
export function withTensors(model: Buffer, zipped: readonly Zipped[], outputs: readonly { name: string }[]): Buffer {
  const missing = zipped.map(({ tensor }) => tensor).filter((tensor) => !outputs.some(({ name }) => name === tensor))
  if (missing.length === 0) return model
  const more = ModelProto.fromObject({ graph: { outputs: [...new Set(missing)].map((name) => ({ name })) } })
  return Buffer.concat([model, ModelProto.encode(more).finish()])
}
