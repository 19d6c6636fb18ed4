import type { Signature } from '@modelyard/spec'

export interface InspectedModel {
  signature: Signature
  sha256: string
  bytes: number
}

/**
 * Reads an ONNX file without any runtime: what it takes and gives, its digest, and that it holds nothing but operators
 * on the allow-list. Throws a `UserError` for anything else.
 */
export async function inspectModel(_path: string): Promise<InspectedModel> {
  throw new Error('under construction')
}
