import { UserError } from '@modelyard/spec'
import type { AttributeProto, GraphProto, NodeProto, OnnxProto, SparseTensorProto, TensorProto } from './onnx-proto.ts'
import { sizeProblem } from './tensor-size.ts'

const domains = ['', 'ai.onnx', 'ai.onnx.ml']

/** Domains in which ONNX Runtime has operators of its own, before which a model's function of that name may not come. */
const taken = /^(?:com\.microsoft|com\.ms|ai\.onnx|org\.pytorch)(?:\.|$)/

/** What the pinned ONNX Runtime knows: the newest version of the file format, and of the operators of each domain. */
export const KNOWN = { runtime: '1.30', ir: 13, opsets: { 'ai.onnx': 26, 'ai.onnx.ml': 5 } as Record<string, number> }

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
 * files, tensors that are not as large as they say, operators of other domains or of versions to come, training
 * instructions.
 */
export function refuseUnknown(model: OnnxProto, path: string): void {
  refuseNewer(model, path)
  const functions = model.functions.filter(({ domain }) => !taken.test(domain))
  const own = new Set(functions.map(({ domain, name }) => `${domain}:${name}`))
  if (model.trainingInfo.length > 0) {
    throw new UserError(`${path} holds training instructions, which Modelyard does not run. Export it for inference.`)
  }
  const visitGraph = (graph: GraphProto): void => {
    graph.initializers.forEach(visitTensor)
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
    attributes.forEach(visitAttribute)
  }
  const visitAttribute = (attribute: AttributeProto): void => {
    for (const tensor of [attribute.tensor, ...attribute.tensors]) visitTensor(tensor)
    for (const sparse of [attribute.sparseTensor, ...attribute.sparseTensors]) visitSparse(sparse)
    for (const graph of [attribute.graph, ...attribute.graphs]) if (graph) visitGraph(graph)
  }
  const visitSparse = (sparse: SparseTensorProto | null): void => {
    visitTensor(sparse?.values ?? null)
    visitTensor(sparse?.indices ?? null)
  }
  const visitTensor = (tensor: TensorProto | null): void => {
    if (!tensor) return
    refuseExternal(tensor, path)
    const problem = sizeProblem(tensor)
    if (problem !== undefined) {
      throw new UserError(`${path} is broken: its tensor ${tensor.name || '(no name)'} ${problem}. Export it again.`)
    }
  }
  if (model.graph) visitGraph(model.graph)
  for (const { nodes, attributes } of model.functions) {
    nodes.forEach(visitNode)
    attributes.forEach(visitAttribute)
  }
}

/** No other file is read: what is judged and shipped is the one whose digest is known. */
function refuseExternal({ name, externalData, dataLocation }: TensorProto, path: string): void {
  if (externalData.length === 0 && dataLocation === 0) return
  const place = externalData.find(({ key }) => key === 'location')?.value ?? 'another file'
  if (/^(?:[\\/]|[a-zA-Z]:)/.test(place) || place.split(/[\\/]/).includes('..')) {
    throw new UserError(
      `${path} wants to read ${place}, which is not beside it, as its tensor ${name}. No exporter writes that: find out where the file comes from.`,
    )
  }
  throw new UserError(
    `${path} keeps weights in another file (the tensor ${name}, in ${place}). Save it as one file: onnx.save(model, path, save_as_external_data=False), or torch.onnx.export(…, external_data=False).`,
  )
}

/** ONNX Runtime may load what it does not know yet, and then promises nothing. */
function refuseNewer({ irVersion, opsetImport }: OnnxProto, path: string): void {
  if (irVersion > KNOWN.ir) {
    throw new UserError(
      `${path} has version ${irVersion} of the ONNX format, and ONNX Runtime ${KNOWN.runtime} reads up to ${KNOWN.ir}. Save it with model.ir_version = ${KNOWN.ir}.`,
    )
  }
  for (const { domain, version } of opsetImport) {
    const known = KNOWN.opsets[domain || 'ai.onnx']
    if (known === undefined || version <= known) continue
    throw new UserError(
      `${path} uses opset ${version} of ${domain || 'ai.onnx'}, and ONNX Runtime ${KNOWN.runtime} knows up to ${known}. Export it with target_opset=${known} (skl2onnx, onnxmltools) or opset_version=${known} (PyTorch).`,
    )
  }
}
