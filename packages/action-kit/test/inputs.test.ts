import { afterEach, describe, expect, it } from 'vitest'
import { choice, flag, needed, readInputs, text } from '../src/inputs.ts'

const given: string[] = []
function give(inputs: Record<string, string>) {
  for (const [name, value] of Object.entries(inputs)) {
    const variable = `INPUT_${name.toUpperCase()}`
    process.env[variable] = value
    given.push(variable)
  }
}

afterEach(() => {
  for (const variable of given.splice(0)) delete process.env[variable]
})

describe('inputs', () => {
  it('come as one typed object', () => {
    give({ model: ' model.yaml ', plan: 'true', 'fail-on': 'never' })
    expect(readInputs({ model: needed, plan: flag, 'fail-on': choice('fail', 'never'), note: text })).toEqual({
      model: 'model.yaml',
      plan: true,
      'fail-on': 'never',
      note: '',
    })
  })

  it.each([
    [{ model: '' }, /The input "model" is empty\. Say it under the step's with:\./],
    [{ model: 'm', plan: 'yes' }, /The input "plan" is "yes"; it must be true or false\./],
  ])('are refused by a sentence that names them: %j', (inputs, sentence) => {
    give(inputs as Record<string, string>)
    expect(() => readInputs({ model: needed, plan: flag })).toThrow(sentence)
  })
})
