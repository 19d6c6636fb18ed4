import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectBytes, inspectModel } from '../src/inspect.ts'
import { FLOAT, file, fixtures, node, onnx, STRING, tensor } from './onnx.ts'

const graph = {
  inputs: [tensor('x', FLOAT, 'N', 1)],
  outputs: [tensor('y', FLOAT, 'N', 1)],
  nodes: [node('Sigmoid', ['x'], ['y'])],
}

async function problem(content: string | Uint8Array): Promise<string> {
  const error = await inspectModel(file(content)).catch((error) => error)
  expect(error).toBeInstanceOf(UserError)
  return error.message
}

describe('inspectModel', () => {
  it('reads signature, digest and size without a runtime', async () => {
    const bytes = onnx({ ...graph, inputs: [tensor('x', FLOAT, 'N', 1), tensor('s', STRING, 3)] })
    expect(await inspectModel(file(bytes))).toEqual({
      signature: {
        inputs: [
          { name: 'x', type: 'tensor(float)', shape: ['N', 1] },
          { name: 's', type: 'tensor(string)', shape: [3] },
        ],
        outputs: [{ name: 'y', type: 'tensor(float)', shape: ['N', 1] }],
      },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      columns: null,
      classes: null,
    })
  })

  it('reads what skl2onnx writes', async () => {
    const { signature, classes } = await inspectModel(join(fixtures, 'multiclass-strings.onnx'))
    expect(classes).toEqual(['early', 'late', 'never'])
    expect(signature.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['hour', 'tensor(int64)'],
      ['distance', 'tensor(float)'],
      ['origin', 'tensor(string)'],
    ])
    const zipped = await inspectModel(join(fixtures, 'binary-zipmap.onnx'))
    expect(zipped.signature.outputs[1]).toEqual({
      name: 'output_probability',
      type: 'seq(map(int64,tensor(float)))',
      shape: [],
    })
    expect((await inspectModel(join(fixtures, 'regression-matrix.onnx'))).columns).toEqual(['distance', 'hour'])
  })

  it('leaves out inputs that are weights', () => {
    const bytes = onnx({ ...graph, inputs: [...graph.inputs, tensor('w', FLOAT, 1)], initializers: [{ name: 'w' }] })
    expect(inspectBytes(bytes, 'm').signature.inputs.map(({ name }) => name)).toEqual(['x'])
  })
})

describe('the allow-list', () => {
  it('says in one sentence what is no ONNX model', async () => {
    expect(await problem('')).toMatch(
      /model\.onnx is not an ONNX model: it is empty\. Export it, for scikit-learn with/,
    )
    expect(await problem('this is a text file')).toContain('is not an ONNX model')
    expect(await problem(Uint8Array.of(0x80, 4, 0x95, 0, 0))).toContain('it is a Python pickle, which can run anything')
    expect(await problem('PK\u0003\u0004')).toContain('it is a zip archive')
    expect(await problem(Uint8Array.of(8, 8))).toContain('it holds no graph')
    await expect(inspectModel('/nowhere/model.onnx')).rejects.toThrow('There is no model /nowhere/model.onnx.')
  })

  it('refuses a file that is cut short anywhere, or never had a graph', async () => {
    const bytes = readFileSync(join(fixtures, 'binary-linear.onnx'))
    for (let length = 0; length < bytes.length; length += 37) {
      const cut = bytes.subarray(0, length)
      try {
        // Where the cut falls between two parts, the file is a smaller model: then it still has all of its graph.
        expect(inspectBytes(cut, 'm').signature).toEqual(inspectBytes(bytes, 'm').signature)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }
  })

  it('throws nothing but sentences, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => inspectBytes(Buffer.from(bytes), 'm')).toThrow(UserError)
      }),
      { numRuns: 500 },
    )
  })

  const external = { name: 'w', dataLocation: 1, externalData: [{ key: 'location', value: '../../etc/passwd' }] }
  const body = { nodes: [node('Evil', [], [], { domain: 'evil' })], inputs: [], outputs: [] }
  it.each([
    [
      'weights in another file',
      onnx({ ...graph, initializers: [external] }),
      'keeps weights in another file (the tensor w)',
    ],
    [
      'the same in an attribute',
      onnx({ ...graph, nodes: [node('Constant', [], ['y'], { attributes: [{ name: 'value', tensor: external }] })] }),
      'keeps weights in another file',
    ],
    [
      'another domain',
      onnx({ ...graph, nodes: [node('Op', ['x'], ['y'], { domain: 'evil' })] }),
      'the operator evil.Op,',
    ],
    [
      'the same in a subgraph',
      onnx({ ...graph, nodes: [node('If', ['x'], ['y'], { attributes: [{ name: 'then_branch', graph: body }] })] }),
      'the operator evil.Evil,',
    ],
    [
      'the same in a function',
      onnx(
        { ...graph, nodes: [node('F', ['x'], ['y'], { domain: 'own' })] },
        {
          functions: [{ name: 'F', domain: 'own', nodes: [node('Evil', [], [], { domain: 'evil' })] }],
        },
      ),
      'the operator evil.Evil,',
    ],
    [
      "an operator of Microsoft's that reaches files",
      onnx({ ...graph, nodes: [node('EPContext', ['x'], ['y'], { domain: 'com.microsoft' })] }),
      'the operator com.microsoft.EPContext,',
    ],
    ['training instructions', onnx(graph, { trainingInfo: [{}] }), 'holds training instructions'],
  ])('refuses %s', async (_, bytes, sentence) => {
    expect(await problem(bytes)).toContain(sentence)
  })

  it('lets functions of the model and fused operators through', () => {
    const own = onnx(
      { ...graph, nodes: [node('F', ['x'], ['y'], { domain: 'own' })] },
      {
        functions: [{ name: 'F', domain: 'own', nodes: [node('Gelu', ['a'], ['b'], { domain: 'com.microsoft' })] }],
      },
    )
    expect(inspectBytes(own, 'm').bytes).toBe(own.length)
  })
})
