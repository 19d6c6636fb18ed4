import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModelProto } from '../src/onnx-proto.ts'

export const FLOAT = 1
export const UINT8 = 2
export const INT32 = 6
export const INT64 = 7
export const BOOL = 9
export const STRING = 8
export const HALF = 10
export const DOUBLE = 11

type Dimensions = Array<number | string>

export function tensor(name: string, element: number, ...dimensions: Dimensions) {
  const shape = {
    dimensions: dimensions.map((each) => (typeof each === 'number' ? { value: each } : { parameter: each })),
  }
  return { name, type: { tensor: { element, shape } } }
}

export function node(operator: string, inputs: string[], outputs: string[], more: object = {}) {
  return { operator, inputs, outputs, ...more }
}

/** The bytes of an ONNX model, encoded by hand. */
export function onnx(graph: object, more: object = {}): Buffer {
  const model = {
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 18 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    graph: { initializers: [], sparseInitializers: [], ...graph },
    ...more,
  }
  return Buffer.from(ModelProto.encode(ModelProto.fromObject(model)).finish())
}

export function file(content: string | Uint8Array, name = 'model.onnx'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'onnx-')), name)
  writeFileSync(path, content)
  return path
}

export const fixtures = join(import.meta.dirname, 'fixtures')
