import { UserError } from '@modelyard/spec'
import type { GraphProto, NodeProto, OnnxProto, SparseTensorProto, TensorProto } from './onnx-proto.ts'

const domains = ['', 'ai.onnx', 'ai.onnx.ml']

/** Microsoft's operators that converters and quantizers emit. Others of that domain reach files or foreign code. */
const microsoft = new Set(
  `Attention BiasGelu BiasSplitGelu ConvTransposeWithDynamicPads DequantizeLinear
  DynamicQuantizeLSTM DynamicQuantizeMatMul EmbedLayerNormalization FastGelu FusedConv FusedGemm FusedMatMul
  GatherBlockQuantized GatherND Gelu GroupNorm GroupQueryAttention Inverse LongformerAttention MatMulInteger16
  MatMulIntegerToFloat MatMulNBits MulInteger MultiHeadAttention NGramRepeatBlock NhwcMaxPool Pad PackedAttention
  QAttention QEmbedLayerNormalization QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearConv
  QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax QLinearWhere
  QuantizeLinear QuickGelu ReduceSumInteger RotaryEmbedding SimplifiedLayerNormalization SkipGroupNorm
  SkipLayerNormalization SkipSimplifiedLayerNormalization TransposeMatMul Trilu Unique`.split(/\s+/),
)

/**
 * Throws a `UserError` for a model that does more than compute from its inputs with known operators: tensors in other
 * files, operators of other domains, training instructions.
 */
export function refuseUnknown(model: OnnxProto, path: string): void {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}:${name}`))
  if (model.trainingInfo.length > 0) {
    throw new UserError(`${path} holds training instructions, which Modelyard does not run. Export it for inference.`)
  }
  const visitGraph = (graph: GraphProto): void => {
    graph.initializers.forEach(refuseExternal)
    graph.sparseInitializers.forEach(visitSparse)
    graph.nodes.forEach(visitNode)
  }
  const visitNode = ({ domain, operator, attributes }: NodeProto): void => {
    const allowed = domains.includes(domain) || (domain === 'com.microsoft' && microsoft.has(operator))
    if (!allowed && !own.has(`${domain}:${operator}`)) {
      throw new UserError(
        `${path} uses the operator ${domain}.${operator}, which is not on the list of operators that Modelyard runs. Export the model with the standard operators of ONNX (ai.onnx and ai.onnx.ml).`,
      )
    }
    for (const attribute of attributes) {
      for (const tensor of [attribute.tensor, ...attribute.tensors]) refuseExternal(tensor)
      for (const sparse of [attribute.sparseTensor, ...attribute.sparseTensors]) visitSparse(sparse)
      for (const graph of [attribute.graph, ...attribute.graphs]) if (graph) visitGraph(graph)
    }
  }
  const visitSparse = (sparse: SparseTensorProto | null): void => {
    refuseExternal(sparse?.values ?? null)
    refuseExternal(sparse?.indices ?? null)
  }
  const refuseExternal = (tensor: TensorProto | null): void => {
    if (!tensor || (tensor.externalData.length === 0 && tensor.dataLocation === 0)) return
    throw new UserError(
      `${path} keeps weights in another file (the tensor ${tensor.name}). Save it as one file, with save_as_external_data=False.`,
    )
  }
  if (model.graph) visitGraph(model.graph)
  for (const { nodes } of model.functions) nodes.forEach(visitNode)
}
