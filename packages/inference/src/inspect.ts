import { type Signature, sha256, UserError } from '@modelyard/spec'
import { refuseUnknown } from './allow-list.ts'
import { type GraphProto, type OnnxProto, readModelProto } from './onnx-proto.ts'
import { readModel } from './read-model.ts'
import { signatureOf } from './signature.ts'
import { type Zipped, zippedOutputs } from './zipmap.ts'

/** What an ONNX file says of itself. */
export interface InspectedModel {
  signature: Signature
  sha256: string
  bytes: number
  /**
   * The columns of an input of several, in order, from the file's metadata `columns`: a list for an only input, lists by
   * the names of inputs for several; null where it says nothing.
   */
  columns: string[] | Record<string, string[]> | null
  /** The output to judge by, from the metadata `output`; null where it says nothing. */
  output: string | null
  /** The classes in the order of the probabilities, from the metadata `classes` or a classifier's own; null for others. */
  classes: string[] | null
  /** What the metadata `classes` alone say. */
  names: string[] | null
  /** The outputs that are maps, which can be read as the tensors that they are made from. */
  zipped: Zipped[]
}

/**
 * Reads an ONNX file without any runtime: what it takes and gives, its digest, and that it holds nothing but operators
 * on the allow-list. Throws a `UserError` for anything else.
 */
export async function inspectModel(path: string): Promise<InspectedModel> {
  return inspectBytes(await readModel(path), path)
}

/** The same, of bytes that were read. */
export function inspectBytes(bytes: Buffer, path: string): InspectedModel {
  const model = parse(bytes, path)
  refuseUnknown(model, path)
  const names = classesIn(model, path)
  return {
    signature: signatureOf(model.graph),
    sha256: sha256(bytes),
    bytes: bytes.length,
    columns: columnsOf(model, path),
    output: metadata(model, 'output') ?? null,
    classes: names ?? classesOf(model.graph),
    names,
    zipped: zippedOutputs(model.graph),
  }
}

function parse(bytes: Buffer, path: string): OnnxProto & { graph: GraphProto } {
  const refuse = (why: string, cause?: unknown) =>
    new UserError(`${path} is not an ONNX model: ${why}. Export it, for scikit-learn with skl2onnx.`, { cause })
  if (bytes.length === 0) throw refuse('it is empty')
  if (bytes[0] === 0x80 && bytes[1]! <= 5) throw refuse('it is a Python pickle, which can run anything')
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') throw refuse('it is a zip archive')
  let model: OnnxProto
  try {
    model = readModelProto(bytes)
  } catch (cause) {
    throw refuse('it is cut short or something else', cause)
  }
  const { graph, irVersion, opsetImport } = model
  if (!graph || graph.outputs.length === 0 || irVersion < 1 || opsetImport.length === 0) {
    throw refuse('it holds no graph')
  }
  return { ...model, graph }
}

function metadata({ metadata }: OnnxProto, key: string): string | undefined {
  return metadata.find((entry) => entry.key === key)?.value
}

function classesIn(model: OnnxProto, path: string): string[] | null {
  const said = metadata(model, 'classes')
  if (said === undefined) return null
  const list = parsed(said)
  const names = Array.isArray(list) ? list.map(String) : []
  if (names.length > 0 && new Set(names).size === names.length) return names
  throw new UserError(
    `The metadata classes of ${path} must be a JSON array of different names, as in ["early", "late"].`,
  )
}

function columnsOf(model: OnnxProto, path: string): InspectedModel['columns'] {
  const said = metadata(model, 'columns')
  if (said === undefined) return null
  const found = parsed(said)
  if (isNames(found)) return found
  if (typeof found === 'object' && found !== null && Object.values(found).every(isNames)) {
    return found as Record<string, string[]>
  }
  throw new UserError(
    `The metadata columns of ${path} must be JSON: ["distance", "hour"], or for several inputs {"numbers": ["distance", "hour"], "places": ["origin"]}.`,
  )
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The classes that the last classifier of a graph names, as skl2onnx and onnxmltools write them. */
function classesOf({ nodes, initializers }: GraphProto): string[] | null {
  const attribute = nodes
    .flatMap(({ attributes }) => attributes)
    .findLast(({ name, ints, strings }) => name.startsWith('classlabels') && ints.length + strings.length > 0)
  const tensor = initializers.findLast(({ name }) => name === 'classes')
  const [ints, strings] = attribute
    ? [attribute.ints, attribute.strings]
    : [tensor?.int64s ?? [], tensor?.strings ?? []]
  const classes = strings.length > 0 ? strings.map((bytes) => Buffer.from(bytes).toString()) : ints.map(String)
  return classes.length > 0 ? classes : null
}
