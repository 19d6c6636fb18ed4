import { describe, expect, it } from 'vitest'
import { maskProfile, openDataset, profileDataset } from '../src/index.ts'
import { folderWith } from './files.ts'

const ROWS = Array.from(
  { length: 60 },
  (_, row) => `2020-01-${String(1 + (row % 28)).padStart(2, '0')},${row / 8},town ${row % 3}`,
)
const options = { model: 'm', leaveOut: ['t'], span: '7d' }

describe('maskProfile', () => {
  it.each([[['c']], [['x']], [['t']], [['t', 'x']]])(
    'tells of %s what a profile tells that was masked when it was made',
    async (names) => {
      const root = folderWith({ 'data.csv': `t,x,c\n${ROWS.join('\n')}\n` })
      const dataset = await openDataset({ root, files: 'data.csv' })
      const told = await profileDataset(dataset, { ...options, time: 't' })
      const time = names.includes('t') ? {} : { time: 't' }
      expect(maskProfile(told, new Set(names))).toEqual(
        await profileDataset(dataset, { ...options, ...time, masked: names }),
      )
      expect(maskProfile(told, new Set(['other']))).toBe(told)
      dataset.close()
    },
  )
})
