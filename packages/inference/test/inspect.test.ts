import { createHash } from 'node:crypto'
import { readFileSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KNOWN } from '../src/allow-list.ts'
import { openModel } from '../src/index.ts'
import { inspectBytes, inspectModel } from '../src/inspect.ts'
import { DOUBLE, FLOAT, file, fixtures, INT64, node, onnx, STRING, tensor } from './onnx.ts'

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
      output: null,
      classes: null,
      names: null,
      zipped: [],
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
    const bytes = onnx({
      ...graph,
      inputs: [...graph.inputs, tensor('w', FLOAT, 1)],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [1], raw: Buffer.alloc(4) }],
    })
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

  const external = (value: string) => ({ name: 'w', dataLocation: 1, externalData: [{ key: 'location', value }] })
  const body = { nodes: [node('Evil', [], [], { domain: 'evil' })], inputs: [], outputs: [] }
  it.each<[string, Buffer, string]>([
    [
      'weights in another file',
      onnx({ ...graph, initializers: [external('model.onnx.data')] }),
      'keeps weights in another file (the tensor w, in model.onnx.data). Save it as one file: onnx.save(',
    ],
    ...['../../etc/passwd', '/etc/passwd', 'C:\\secrets', 'a\\..\\..\\b', 'a/../../b'].map(
      (place) =>
        [
          `weights in ${place}`,
          onnx({ ...graph, initializers: [external(place)] }),
          `wants to read ${place}, which is not beside it, as its tensor w`,
        ] as [string, Buffer, string],
    ),
    [
      'the same in an attribute',
      onnx({
        ...graph,
        nodes: [node('Constant', [], ['y'], { attributes: [{ name: 'value', tensor: external('../x') }] })],
      }),
      'wants to read ../x',
    ],
    [
      'the same in a sparse tensor',
      onnx({ ...graph, sparseInitializers: [{ values: external('/x') }] }),
      'wants to read /x',
    ],
    [
      'a graph that another one hides, as the two are merged',
      Buffer.concat([onnx({ ...graph, nodes: [node('Op', ['x'], ['z'], { domain: 'evil' })] }), onnx(graph)]),
      'the operator evil.Op,',
    ],
    [
      'a version of the operators that is to come',
      onnx(graph, { opsetImport: [{ domain: '', version: 99 }] }),
      'uses opset 99 of ai.onnx, and ONNX Runtime 1.30 knows up to 26. Export it with target_opset=26',
    ],
    [
      'the same of classical models',
      onnx(graph, { opsetImport: [{ domain: 'ai.onnx.ml', version: 99 }] }),
      'uses opset 99 of ai.onnx.ml, and ONNX Runtime 1.30 knows up to 5.',
    ],
    ['a version of the format that is to come', onnx(graph, { irVersion: 99 }), 'has version 99 of the ONNX format'],
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
      'weights in another file, as what a function takes by default',
      onnx(
        { ...graph, nodes: [node('F', ['x'], ['y'], { domain: 'own' })] },
        { functions: [{ name: 'F', domain: 'own', attributes: [{ name: 'value', tensor: external('/x') }] }] },
      ),
      'wants to read /x',
    ],
    [
      "an operator of Microsoft's that a function of that name hides",
      onnx(
        { ...graph, nodes: [node('EPContext', ['x'], ['y'], { domain: 'com.microsoft' })] },
        { functions: [{ name: 'EPContext', domain: 'com.microsoft', nodes: [node('Sigmoid', ['a'], ['b'])] }] },
      ),
      'the operator com.microsoft.EPContext,',
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

  it.each([
    ['fewer bytes', { dataType: FLOAT, dims: [2, 3], raw: Buffer.alloc(20) }, 'declares 24 bytes (2 × 3) and holds 20'],
    ['more bytes', { dataType: FLOAT, dims: [1], raw: Buffer.alloc(400) }, 'declares 4 bytes (1) and holds 400'],
    ['fewer values', { dataType: DOUBLE, dims: [3], doubles: [Buffer.alloc(16)] }, 'declares 3 values (3) and holds 2'],
    ['nothing', { dataType: INT64, dims: [1e12] }, 'declares 1,000,000,000,000 values (1000000000000) and holds 0'],
    ['a shape below zero', { dataType: FLOAT, dims: [-1], raw: Buffer.alloc(4) }, 'has the shape -1'],
    ['an unknown type', { dataType: 99, dims: [1], raw: Buffer.alloc(4) }, 'has elements of type 99'],
  ])('refuses a tensor with %s', async (_, tensor, sentence) => {
    const bytes = onnx({ ...graph, initializers: [{ name: 'w', ...tensor }] })
    expect(await problem(bytes)).toMatch(/is broken: its tensor w .*Export it again\.$/)
    expect(await problem(bytes)).toContain(sentence)
  })

  it.each([
    ['halves in 32-bit numbers', { dataType: 10, dims: [3], int32s: [Buffer.of(1, 0x80, 0x78, 5)] }],
    ['complex numbers in pairs', { dataType: 14, dims: [1], floats: [Buffer.alloc(8)] }],
    ['4-bit numbers, two in a byte', { dataType: 22, dims: [5], raw: Buffer.alloc(3) }],
    ['text', { dataType: STRING, dims: [2], strings: [Buffer.from('a'), Buffer.from('')] }],
    ['one number without a shape', { dataType: INT64, dims: [], int64s: [7] }],
    ['nothing, and says so', { dataType: FLOAT, dims: [0] }],
  ])('lets a tensor through that holds %s', (_, tensor) => {
    const bytes = onnx({ ...graph, initializers: [{ name: 'w', ...tensor }] })
    expect(inspectBytes(bytes, 'm').bytes).toBe(bytes.length)
  })

  it('knows what the ONNX Runtime that runs knows', async () => {
    const model = await openModel(file(onnx(graph)))
    expect(model.engine.onnxruntime).toMatch(new RegExp(`^${KNOWN.runtime}\\.`))
    await model.close()
  })

  it('refuses a file that leads elsewhere, is none, or is larger than a model can be', async () => {
    const link = `${file('x')}.link`
    symlinkSync('/etc/passwd', link)
    await expect(inspectModel(link)).rejects.toThrow(`The model ${link} is a symbolic link, which may lead to`)
    await expect(inspectModel(fixtures)).rejects.toThrow('is not a file')
    const huge = file('')
    truncateSync(huge, 3e9)
    await expect(openModel(huge)).rejects.toThrow('has 3.0 GB, and an ONNX file holds at most 2.1.')
    truncateSync(huge)
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
