import type { ColumnValues } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { openModel } from '../src/index.ts'
import { BOOL, DOUBLE, FLOAT, file, INT64, node, onnx, STRING, tensor } from './onnx.ts'

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
    const numeric = element === FLOAT || element === DOUBLE
    const { values: given, labels } = await predict(
      { x: values },
      mapped,
      numeric ? 'regression' : 'multiclass-classification',
    )
    expect(numeric ? given : labels).toEqual(numeric ? values : [...values].map((value) => String(value ?? '')))
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

  it('know the positive class by its name', async () => {
    const { features, predict } = await model(wide, { metadata: [{ key: 'classes', value: '["true", "false"]' }] })
    const batch = { a: Float64Array.of(0, 50), b: Float64Array.of(50, 0) }
    const answer = await predict(batch, features([column('a'), column('b')], all), 'binary-classification')
    expect(answer.classes).toEqual(['false', 'true'])
    expect(Array.from(answer.probabilities!, (p) => Math.round(p))).toEqual([0, 1])
  })
})
