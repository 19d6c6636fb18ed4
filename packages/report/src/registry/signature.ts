import type { Signature } from '@modelyard/spec'
import { type Block, code } from '../document/document.ts'

/** What goes into the model and what comes out, as the ONNX file declares it; files of other formats declare nothing. */
export function signatureTable({ inputs, outputs }: Signature): Block {
  if (inputs.length === 0 && outputs.length === 0) {
    return { paragraph: 'Not declared: a command of the repository runs this model.' }
  }
  const row = (way: string) => (value: Signature['inputs'][number]) => [
    way,
    code(value.name),
    code(value.type),
    value.shape.length === 0 ? 'a single value' : code(value.shape.join(' × ')),
  ]
  return {
    table: {
      head: ['', 'name', 'type', 'shape'],
      align: ['l', 'l', 'l', 'l'],
      rows: [...inputs.map(row('input')), ...outputs.map(row('output'))],
    },
  }
}
