import { readFile } from 'node:fs/promises'
import { type Signature, sha256, UserError } from '@modelyard/spec'
import { refuseUnknown } from './allow-list.ts'
import { type GraphProto, type OnnxProto, readModelProto } from './onnx-proto.ts'
import { signatureOf } from './signature.ts'

/** What an ONNX file says of itself. */
export interface InspectedModel {
  signature: Signature
  sha256: string
  bytes: number
  /** The order of the columns in an input of several, from the file's metadata `columns`; null where it says nothing. */
  columns: string[] | null
  /** The classes in the order of the probabilities, from the metadata `classes` or a classifier's own; null for others. */
  classes: string[] | null
}

/**
 * Reads an ONNX file without any runtime: what it takes and gives, its digest, and that it holds nothing but operators
 * on the allow-list. Throws a `UserError` for anything else.
 */
export async function inspectModel(path: string): Promise<InspectedModel> {
  return inspectBytes(await readModel(path), path)
}

/** The bytes of a model file. */
export async function readModel(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UserError(
      code === 'ENOENT'
        ? `There is no model ${path}. The training command must write it.`
        : `The model ${path} cannot be read (${code}).`,
      { cause },
    )
  }
}

/** The same, of bytes that were read. */
export function inspectBytes(bytes: Buffer, path: string): InspectedModel {
  const model = parse(bytes, path)
  refuseUnknown(model, path)
  return {
    signature: signatureOf(model.graph),
    sha256: sha256(bytes),
    bytes: bytes.length,
    columns: listed(model, 'columns', path),
    classes: listed(model, 'classes', path) ?? classesOf(model.graph),
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

/** A list in the metadata: a JSON array of names. */
function listed({ metadata }: OnnxProto, key: string, path: string): string[] | null {
  const entry = metadata.find((each) => each.key === key)
  if (!entry) return null
  try {
    const list: unknown = JSON.parse(entry.value)
    if (Array.isArray(list)) return list.map(String)
  } catch {}
  throw new UserError(`The metadata ${key} of ${path} must be a JSON array, as in ["distance", "origin"].`)
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
