import type { Dataset } from '@modelyard/data'
import type { Model } from '@modelyard/spec'
import { expect, it } from 'vitest'
import { findGaps } from '../src/sample/gaps.ts'
import { binary } from './samples.ts'

const dataset = { readColumns: async () => ({ order: ['a7', 'a8', 'a9'] }) } as unknown as Dataset
const model = (predict?: { predictions: string }, id?: string) => ({ data: { id }, evaluate: { predict } }) as Model

it('says which value is no number, in which row, and in which file where there is one', async () => {
  const sample = binary([0, 1, 0], [0.1, Number.NaN, Number.NaN], [0.1, 0.2, Number.POSITIVE_INFINITY])
  expect(await findGaps(model(undefined, 'order'), dataset, sample)).toEqual({
    gaps: {
      candidate: 'The first is NaN, at order a8: is a cell empty there that the model needs?',
      champion: 'The first is infinite, at order a9: does the model divide by nothing there, or overflow?',
    },
  })
  const file = await findGaps(model({ predictions: 'out/p.csv' }, 'order'), dataset, sample)
  expect(file.gaps).toEqual({
    candidate: 'The first is empty or NaN in out/p.csv, at order a8: write a finite number for every row.',
    champion: 'The first is infinite in out/p.csv, at order a9: write a finite number for every row.',
  })
  expect((await findGaps(model(), dataset, sample)).gaps!.candidate).toMatch(/at row 2 of the hold-out/)
  expect(await findGaps(model(), dataset, binary([0], [0.1]))).toEqual({})
})
