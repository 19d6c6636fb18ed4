import type { ColumnValues } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { openModel } from '../src/index.ts'
import { BOOL, DOUBLE, FLOAT, file, HALF, INT32, INT64, node, onnx, STRING, tensor, UINT8 } from './onnx.ts'

const column = (name: string, type = 'DOUBLE') => ({ name, type })
const all = { exclude: ['id'] }

async function model(graph: object, more?: object) {
  return openModel(file(onnx(graph, more)))
}

const sigmoid = {
  inputs: [tensor('x', FLOAT, 'N', 1)],
  outputs: [tensor('y', FLOAT, 'N', 1)],
  nodes: [node('Sigmoid', ['x'], ['y'])],
}
const wide = {
  inputs: [tensor('X', FLOAT, 'N', 2)],
  outputs: [tensor('y', FLOAT, 'N', 2)],
  nodes: [node('Softmax', ['X'], ['y'])],
}

describe('features', () => {
  it('maps inputs to columns by name', async () => {
    const { features } = await model(sigmoid)
    expect(features([column('id'), column('x'), column('z')], all)).toEqual({ names: ['x'], text: [], inputs: [['x']] })
  })

  it('takes all columns but the excluded where one input has no column of its own', async () => {
    const { features } = await model(wide)
    expect(features([column('id'), column('b'), column('a')], all)).toEqual({
      names: ['b', 'a'],
      text: [],
      inputs: [['b', 'a']],
    })
    expect(() => features([column('id'), column('b')], all)).toThrow(
      "The model's input X takes 2 columns and the data have 1: b.",
    )
  })

  it('keeps the order that the metadata say', async () => {
    const { features } = await model(wide, { metadata: [{ key: 'columns', value: '["a", "b"]' }] })
    expect(features([column('b'), column('c'), column('a')], all).names).toEqual(['a', 'b'])
    expect(() => features([column('b')], all)).toThrow(
      "The model's input X needs a column a, and the data have none. They have b.",
    )
  })

  it('names the input whose column is missing', async () => {
    const two = { ...sigmoid, inputs: [...sigmoid.inputs, tensor('lat', FLOAT, 'N', 1)] }
    const { features } = await model(two)
    expect(() => features([column('x'), column('id')], all)).toThrow(
      "The model's input lat needs a column lat, and the data have none. They have x, id.",
    )
  })

  it('fills several inputs of several columns as the metadata say', async () => {
    const graph = {
      inputs: [tensor('numbers', FLOAT, 'N', 2), tensor('place', STRING, 'N', 1)],
      outputs: [tensor('y', FLOAT, 'N', 2)],
      nodes: [node('Softmax', ['numbers'], ['y'])],
    }
    const columns = [column('a'), column('b'), column('place', 'VARCHAR')]
    const said = await model(graph, { metadata: [{ key: 'columns', value: '{"numbers": ["b", "a"]}' }] })
    expect(said.features(columns, all)).toEqual({
      names: ['b', 'a', 'place'],
      text: ['place'],
      inputs: [['b', 'a'], ['place']],
    })
    const silent = await model(graph)
    expect(() => silent.features(columns, all)).toThrow(
      'The model\'s input numbers needs a column numbers, and the data have none. They have a, b, place. Say which it takes, and in which order: onnx.helper.set_model_props(model, {"columns": json.dumps({"numbers":[…]})}).',
    )
    await expect(model(graph, { metadata: [{ key: 'columns', value: '{"numbers": "a"}' }] })).rejects.toThrow(
      'must be JSON: ["distance", "hour"], or for several inputs',
    )
  })

  it('says what inputs it cannot fill', async () => {
    const image = await model({ ...sigmoid, inputs: [tensor('x', FLOAT, 'N', 3, 8, 8)] })
    expect(() => image.features([column('x')], all)).toThrow('input x has 4 dimensions (N × 3 × 8 × 8)')
    const none = await model({
      ...sigmoid,
      inputs: [],
      initializers: [{ name: 'x', dataType: 1, dims: [1], raw: Buffer.alloc(4) }],
    })
    expect(() => none.features([column('x')], all)).toThrow('The model takes no input')
  })

  it('never gives a model the label', async () => {
    const { features } = await model(sigmoid)
    expect(() => features([column('x')], { exclude: ['x'], label: 'x' })).toThrow(
      'The model takes x, which is the label.',
    )
  })
})

describe('tensors', () => {
  it.each([
    [DOUBLE, Float64Array.of(1.5, Number.NaN)],
    [FLOAT, Float64Array.of(1.5, Number.NaN)],
    [HALF, Float64Array.of(1.5, Number.NaN)],
    [UINT8, Float64Array.of(255, 0)],
    [INT32, Float64Array.of(-(2 ** 31), 7)],
    [INT64, Float64Array.of(1, -2)],
    [BOOL, Float64Array.of(1, 0)],
    [STRING, ['a', null]],
  ] as Array<[number, ColumnValues]>)('of the element type %i come back as they went in', async (element, values) => {
    const graph = {
      inputs: [tensor('x', element, 'N', 1)],
      outputs: [tensor('y', element, 'N', 1)],
      nodes: [node('Identity', ['x'], ['y'])],
    }
    const { features, predict } = await model(graph)
    const mapped = features([column('x')], all)
    expect(mapped.text).toEqual(element === STRING ? ['x'] : [])
    const numeric = [FLOAT, DOUBLE, HALF].includes(element)
    const { values: given, labels } = await predict(
      { x: values },
      mapped,
      numeric ? 'regression' : 'multiclass-classification',
    )
    expect(numeric ? given : labels).toEqual(numeric ? values : [...values].map((value) => String(value ?? '')))
  })

  it.each([
    [UINT8, 256],
    [INT32, 2 ** 31],
    [BOOL, 2],
    [INT64, 0.5],
    [INT64, 2 ** 60],
  ])('of the element type %i refuse %d, which they cannot hold', async (element, value) => {
    const graph = {
      inputs: [tensor('x', element, 'N', 1)],
      outputs: [tensor('y', element, 'N', 1)],
      nodes: [node('Identity', ['x'], ['y'])],
    }
    const { features, predict } = await model(graph)
    const batch = { x: Float64Array.of(1, value) }
    await expect(predict(batch, features([column('x')], all), 'binary-classification')).rejects.toThrow(
      `and the column x has ${value}, which that type does not hold. Make the input a float, or mend the column.`,
    )
  })

  it('of numbers take a column without any value, which CSV does not tell from text', async () => {
    const { features, predict } = await model(sigmoid)
    const mapped = features([column('x', 'VARCHAR')], all)
    const of = (x: Array<string | null>) => predict({ x }, mapped, 'binary-classification')
    expect(await of([null, null])).toEqual(
      await predict({ x: Float64Array.of(NaN, NaN) }, mapped, 'binary-classification'),
    )
    await expect(of([null, 'a'])).rejects.toThrow('the column x holds no numbers')
  })

  it('of integers refuse what is no integer', async () => {
    const graph = {
      inputs: [tensor('x', INT64, 'N', 1)],
      outputs: [tensor('y', INT64, 'N', 1)],
      nodes: [node('Identity', ['x'], ['y'])],
    }
    const { features, predict } = await model(graph)
    const mapped = features([column('x')], all)
    await expect(predict({ x: Float64Array.of(Number.NaN) }, mapped, 'binary-classification')).rejects.toThrow(
      "The model's input x is tensor(int64), and the column x has rows without a value.",
    )
    await expect(predict({ x: ['a'] }, mapped, 'binary-classification')).rejects.toThrow(
      'the column x holds no numbers',
    )
  })
})

describe('answers', () => {
  it('of one number a row are the probability of the positive class', async () => {
    const { features, predict } = await model(sigmoid)
    const answer = await predict(
      { x: Float64Array.of(-50, 0, 50) },
      features([column('x')], all),
      'binary-classification',
    )
    expect(answer.probabilities![1]).toBe(0.5)
    expect(answer.labels).toEqual(['0', '0', '1'])
    expect(answer.classes).toEqual(['0', '1'])
  })

  it('of two numbers a row are those of both classes', async () => {
    const { features, predict } = await model(wide)
    const batch = { a: Float64Array.of(0, 50), b: Float64Array.of(50, 0) }
    const answer = await predict(batch, features([column('a'), column('b')], all), 'binary-classification')
    expect(Array.from(answer.probabilities!, (p) => Math.round(p))).toEqual([1, 0])
    expect(answer.labels).toEqual(['1', '0'])
  })

  it('are the output that is called so, or that the metadata name, where there are several', async () => {
    const several = (...names: string[]) => ({
      inputs: [tensor('x', FLOAT, 'N', 1)],
      outputs: names.map((name) => tensor(name, FLOAT, 'N', 1)),
      nodes: names.map((name, index) => node(index === 0 ? 'Sigmoid' : 'Neg', ['x'], [name])),
    })
    const run = async (graph: object, more?: object) => {
      const { features, predict } = await model(graph, more)
      return predict({ x: Float64Array.of(0) }, features([column('x')], all), 'binary-classification')
    }
    expect((await run(several('probability', 'margin'))).probabilities![0]).toBe(0.5)
    const named = { metadata: [{ key: 'output', value: 'first' }] }
    expect((await run(several('first', 'second'), named)).probabilities![0]).toBe(0.5)
    await expect(run(several('first', 'second'))).rejects.toThrow(
      'The model gives several outputs of numbers: first: tensor(float), second: tensor(float). Say which it is judged by: onnx.helper.set_model_props(model, {"output": "first"}).',
    )
    await expect(run(several('third'), named)).rejects.toThrow("The model's metadata say that its output is first")
  })

  it('of another number of rows are refused', async () => {
    const graph = {
      inputs: [tensor('X', FLOAT, 'N', 2)],
      outputs: [tensor('y', FLOAT, 2, 'N')],
      nodes: [node('Transpose', ['X'], ['y'])],
    }
    const { features, predict } = await model(graph)
    const batch = { a: Float64Array.of(0, 0, 0), b: Float64Array.of(0, 0, 0) }
    await expect(predict(batch, features([column('a'), column('b')], all), 'binary-classification')).rejects.toThrow(
      'The model gave numbers of the shape 2 × 3 for 3 rows. The first dimension must be the rows.',
    )
  })

  it('know the positive class by its name', async () => {
    const { features, predict } = await model(wide, { metadata: [{ key: 'classes', value: '["true", "false"]' }] })
    const batch = { a: Float64Array.of(0, 50), b: Float64Array.of(50, 0) }
    const answer = await predict(batch, features([column('a'), column('b')], all), 'binary-classification')
    for (const value of ['late', '[]', '["a", "a"]']) {
      await expect(model(wide, { metadata: [{ key: 'classes', value }] })).rejects.toThrow(
        /^The metadata classes of .* must be a JSON array of different names, as in \["early", "late"\]\.$/,
      )
    }
    expect(answer.classes).toEqual(['false', 'true'])
    expect(Array.from(answer.probabilities!, (p) => Math.round(p))).toEqual([0, 1])
  })
})
