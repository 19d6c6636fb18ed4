import { expect, it } from 'vitest'
import { unnamed } from '../src/sample/unnamed.ts'

it('values of a personal column are told apart by numbers, the most frequent first, and are not told', () => {
  const names = unnamed(['Ada', null, 'Bob', 'Bob', 'Cy', 'Ada', 'Bob'])
  expect(names).toEqual(['value 2', null, 'value 1', 'value 1', 'value 3', 'value 2', 'value 1'])
})
