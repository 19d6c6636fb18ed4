import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { lookLikeData, openDataset, sayColumns } from '../src/index.ts'
import { folderWith } from './files.ts'

const ROW = "116000,O'Neil Novák,user@example.com,ES"

async function problem(files: Record<string, string>): Promise<string> {
  const result = await openDataset({ root: folderWith(files), files: '*.csv' }).catch((error) => error)
  expect(result).toBeInstanceOf(UserError)
  return result.message
}

describe('the columns of a file without a header', () => {
  it('are told by numbers, dates, addresses and ids; names are no data', () => {
    const values = [
      '116000',
      '-0.5',
      '1,5',
      '+49 178025843',
      '(030) 1234',
      '12 %',
      '2026-11-01',
      '2026-11-01T00:01:00Z',
    ]
    const others = [
      '01/11/2026 00:01',
      'user@example.com',
      'https://example.com',
      '9f86d081-884c-4d65-8a2f-eaa0c55ad015',
    ]
    for (const value of [...values, ...others]) expect([value, lookLikeData(['id', value])]).toEqual([value, true])
    expect(lookLikeData(['id', 'x1', '2nd_price', 'ÄÖ', 'last seen', 'a.b', 'Q3 2001', '%', '-', '7d', ''])).toBe(false)
  })

  it('are never listed, since they are the values of somebody', async () => {
    const dataset = await openDataset({ root: folderWith({ 'a.csv': `${ROW}\n${ROW}\n` }), files: 'a.csv' })
    dataset.close()
    expect(sayColumns(dataset)).toBe(
      'The first line of a.csv looks like data and not like a header, which names the columns.',
    )
    expect(sayColumns({ columns: dataset.columns })).toBe(
      'The names of the columns look like data, so they are not listed.',
    )
    await expect(dataset.readColumns(['lat'])).rejects.toThrow(/^The data have no column lat\. The names of/)
    expect(sayColumns({ columns: [{ name: 'id' }, { name: 'day' }] }, 'They have')).toBe('They have id, day.')
  })

  it('are not in what two files differ by, nor what is there twice', async () => {
    const rest = 'The first line of b.csv looks like data and not like a header, which names the columns.'
    expect(await problem({ 'a.csv': 'id,name,mail,land\n1,a,b,c\n', 'b.csv': `${ROW}\n` })).toBe(
      `b.csv and a.csv have other columns. ${rest}`,
    )
    expect(await problem({ 'b.csv': '1,ES,ES\n2,ES,DE\n' })).toBe(`b.csv has two columns of one name. ${rest}`)
  })
})
