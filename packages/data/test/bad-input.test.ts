import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { constants, createGzip, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { type Dataset, openDataset } from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

/** Opens one file with this content. */
async function open(name: string, content: string | Uint8Array): Promise<Dataset> {
  return openDataset({ root: folderWith({ [name]: content }), files: name, threads: 2 })
}

async function problem(name: string, content: string | Uint8Array): Promise<string> {
  const result = await open(name, content).catch((error) => error)
  expect(result).toBeInstanceOf(UserError)
  return result.message
}

async function types(name: string, content: string): Promise<string[]> {
  const dataset = await open(name, content)
  dataset.close()
  return dataset.columns.map(({ type }) => type)
}

async function rows(name: string, content: string | Uint8Array) {
  const dataset = await open(name, content)
  const found = await dataset.query('SELECT * FROM data')
  dataset.close()
  return found
}

const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, i) => line(i))

describe('CSV that is not what it should be', () => {
  it('is refused at the line, also after values with line ends and in zipped files', async () => {
    const ragged = 'a,b\r\n1,"x\r\ny"\r\n2\r\n3,z\r\n'
    const sentence = 'a.csv:4  The row has too few values. Mend the row, or write Parquet.'
    expect(await problem('a.csv', ragged)).toBe(sentence)
    expect(await problem('a.csv.gz', gzipSync(ragged))).toBe(sentence.replace('a.csv', 'a.csv.gz'))
    expect(await problem('a.csv', 'a,b\n1,2\n"3,4')).toContain('a.csv:3  A quote is not closed')
    expect(await problem('a.csv', 'a,b\n1,2\n"3,4\n')).toBe(
      'a.csv:3  A quote is not closed, or there is text after a closing quote. Mend the row, or write Parquet.',
    )
    expect(await problem('a.csv', Buffer.concat([Buffer.from('a\nb\n'), Buffer.of(0xe9), Buffer.from('\n')]))).toBe(
      'a.csv:3  The file is not UTF-8: this line is the first. It looks like Latin-1 or Windows-1252: write it again as UTF-8, as iconv -f WINDOWS-1252 -t UTF-8 does.',
    )
  })

  it('is refused in one sentence where it is not UTF-8, however many rows are not', async () => {
    const latin = (text: string) => Buffer.from(text, 'latin1')
    const many = latin(`a\nb\n${'M\u00fcller\n'.repeat(3000)}`)
    const sentence =
      /^a[.]\w+:(\d+) {2}The file is not UTF-8: this line is the first. It looks like Latin-1 or Windows-1252:[^\n]+$/
    for (const [name, content, line] of [
      ['a.csv', many, '3'],
      ['a.csv', latin('a,\u00fc\n1,2\n'), '1'],
      ['a.jsonl', latin('{"a":"b"}\n{"a":"M\u00fcller"}\n'), '2'],
    ] as const) {
      expect(sentence.exec(await problem(name, content))?.[1]).toBe(line)
    }
    const japanese = Buffer.from([...Buffer.from('a\n'), 0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 10])
    expect(await problem('a.csv', japanese)).toBe(
      'a.csv:2  The file is not UTF-8: this line is the first. Write the file again as UTF-8.',
    )
    for (const name of ['a.csv', 'a.jsonl']) {
      const wide = Buffer.from(name === 'a.csv' ? 'a,b\n1,2\n' : '{"a":1}\n', 'utf16le')
      expect(await problem(name, wide)).toContain(`${name} is not UTF-8. It looks like UTF-16:`)
    }
  })

  it('tells no number of rows that do not parse where it has not counted them', async () => {
    expect(await problem('a.csv', `a,b\n${'1\n'.repeat(900)}`)).toMatch(/And 890 more rows that do not parse[.]$/)
    expect(await problem('a.csv', `a,b\n${'1\n'.repeat(5000)}`)).toMatch(/And more rows that do not parse[.]$/)
  })

  it('is refused as cut short where the end of a compressed file is missing', async () => {
    const csv = `a,b\n${lines(20_000, (i) => `${i},${i * 7919}`).join('\n')}\n`
    const json = lines(20_000, (i) => `{"a":${i},"b":${i * 7919}}\n`).join('')
    for (const [name, packed] of [
      ['a.csv.gz', gzipSync(csv)],
      ['a.csv.zst', zstdCompressSync(csv)],
      ['a.jsonl.gz', gzipSync(json)],
      ['a.jsonl.zst', zstdCompressSync(json)],
    ] as const) {
      expect(await problem(name, packed.subarray(0, packed.length / 2))).toBe(
        `${name} is cut short: its compressed bytes end before they are complete. Fetch or write it again.`,
      )
    }
  })

  it('is not read in part where what is left of a compressed file ends with a line', async () => {
    for (const [name, pack, flush] of [
      ['a.jsonl.gz', createGzip(), constants.Z_FULL_FLUSH],
      ['a.jsonl.zst', createZstdCompress(), constants.ZSTD_e_flush],
    ] as const) {
      const pieces: Buffer[] = []
      pack.on('data', (piece: Buffer) => pieces.push(piece))
      pack.write('{"a":1}\n'.repeat(1000))
      await new Promise<void>((resolve) => pack.flush(flush, resolve))
      expect(await problem(name, Buffer.concat(pieces))).toContain('is cut short')
    }
  })

  it('is read with a byte order mark, and without one of the ends of lines', async () => {
    expect(await rows('a.csv', '\uFEFFa,b\n1,2\n')).toEqual([{ a: 1, b: 2 }])
    expect(await rows('a.csv', 'a,b\r1,2\r')).toEqual([{ a: 1, b: 2 }])
    expect(await rows('a.csv', 'a,b\n1,2')).toEqual([{ a: 1, b: 2 }])
    expect(await rows('a.csv', '\uFEFF"a, b","c"\r\n1,2\r\n')).toEqual([{ 'a, b': 1, c: 2 }])
  })

  it('is read with a comma at the end, and with quotes in a value', async () => {
    expect(await rows('a.csv', 'a,b,\n1,2,\n')).toEqual([{ a: 1, b: 2, column2: null }])
    expect(await rows('a.csv', 'a,b\n1,2,\n')).toEqual([{ a: 1, b: 2 }])
    expect(await rows('a.csv', 'a,b\n5" pipe,"say ""x"" it"\n')).toEqual([{ a: '5" pipe', b: 'say "x" it' }])
  })

  it('has an empty value where the line of a single column is blank', async () => {
    expect(await rows('a.csv', 'a\n1\n\n3\n')).toEqual([{ a: 1 }, { a: null }, { a: 3 }])
    const message = await problem('a.csv', `a\n\n${lines(5000, (i) => `${i}\n`).join('')}x\n`)
    expect(message).toContain('a.csv:5003  The value of a is no BIGINT')
  })

  it('is refused in another encoding, with another separator, without rows or a name twice', async () => {
    expect(await problem('a.csv', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'))).toContain(
      'a.csv is not UTF-8. It looks like UTF-16: write it again as UTF-8, as iconv -f UTF-16 -t UTF-8 does.',
    )
    expect(await problem('a.csv', 'a;b\n1;2\n')).toBe(
      'a.csv seems to be separated by ;. Write it again with commas, or as Parquet.',
    )
    expect(await problem('a.csv', 'a\tb\n1\t2\n')).toContain('separated by tabs')
    expect(await problem('a.csv', 'a,b\n')).toBe('a.csv holds no rows.')
    for (const blank of ['\n', '\r\n\r\n', '\uFEFF', '\uFEFF\n\n', ' \n ', '\na,b\n1,2\n']) {
      expect(await problem('a.csv', blank)).toBe('The first line of a.csv is blank. A header line names the columns.')
    }
    expect(await problem('a.csv', 'a,b')).toBe('a.csv holds no rows.')
    expect(await problem('a.csv', 'a,b\n\n\n')).toBe('a.csv holds no rows.')
    expect(await problem('a.csv', 'a,b\r\n1,2\n3,4\r\n')).toContain('ends of lines that are all the same')
    expect(await problem('a.csv', 'a,b,a\n1,2,3\n')).toBe(
      'a.csv has two columns a. Give each column a name of its own.',
    )
    expect(await problem('a.csv', 'a,A\n1,2\n')).toBe(
      'a.csv has columns a and A, which SQL takes for the same. Give each column a name of its own.',
    )
  })

  it('is refused with text beside the quotes of a name, whatever follows', async () => {
    for (const header of ['"a"b,c', 'c,"a" b', 'c, "a"', 'c,"a""']) {
      const message = await problem('a.csv', `${header}\n${'1,2\n"3",4\n'.repeat(50)}`)
      expect(message).toMatch(/^a\.csv:1 {2}(?:The name of column [12] has text before|A quote is not closed)/)
    }
    expect(await rows('a.csv', '"a""b","c"\n1,2\n')).toEqual([{ 'a"b': 1, c: 2 }])
  })

  it.each([1, 4])('has each row once where values have lines that look like rows, on %i threads', async (threads) => {
    const value = `"${'Hello, world\n'.repeat(10)}last"`
    const root = folderWith({ 'a.csv': `text,label\n${lines(60_000, (i) => `${value},${i}\n`).join('')}` })
    const dataset = await openDataset({ root, files: 'a.csv', threads })
    expect(
      await dataset.query('SELECT count(DISTINCT label)::INT AS n, count(DISTINCT text)::INT AS m FROM data'),
    ).toEqual([{ n: 60_000, m: 1 }])
    expect(dataset.rows).toBe(60_000)
    dataset.close()
  })

  it('is read with 5,000 columns, and with their types', async () => {
    const line = (cell: (column: number) => string) => lines(5000, cell).join(',')
    const body = lines(10, (row) => line((column) => (column % 2 ? String(row) : `${row}.5`))).join('\n')
    const found = await types('a.csv', `${line((column) => `x${column}`)}\n${body}\n`)
    expect(found).toHaveLength(5000)
    expect(found.slice(0, 2)).toEqual(['DOUBLE', 'BIGINT'])
    expect(new Set(found).size).toBe(2)
  }, 20_000)

  it('is read whatever its columns are called', async () => {
    const names = [
      'c1',
      'c0',
      'filename',
      'modelyard_part',
      'data',
      'modelyard_sample',
      'v0',
      'lost',
      'file_row_number',
    ]
    const [row] = await rows('a.csv', `${names.join(',')}\n1,2,3,4,5,6,7,8,9\n`)
    expect(row).toEqual(Object.fromEntries(names.map((name, index) => [name, index + 1])))
  })

  it('is refused with a value of 10 MB, at its line', async () => {
    const sentence =
      'a.csv:3  The row is longer than 4 MB, or a quote in it is not closed. Mend the row, or write Parquet.'
    expect(await problem('a.csv', `a,b\n1,2\n3,"${'7,z\n'.repeat(2_500_000)}"\n4,5\n`)).toBe(sentence)
    expect(await problem('a.csv', `a,b\n1,2\n3,"${'xyz\n'.repeat(2_500_000)}\n4,5\n`)).toBe(sentence)
    expect(await problem('a.csv', `a,b\n1,2\n3,${'x'.repeat(10_000_000)}\n`)).toBe(
      'a.csv:3  The row is longer than 4 MB. Mend the row, or write Parquet.',
    )
  })

  it('is read with a value of 3 MB, but not in its header', async () => {
    expect(await rows('a.csv', `a,b\n1,2\n3,${'x'.repeat(3_000_000)}\n`)).toHaveLength(2)
    expect(await problem('a.csv', 'x'.repeat(10_000_000))).toContain('The header of a.csv is longer than 2 MB.')
  })
})

describe('the types of text', () => {
  it('are those of all values, wherever they stand', async () => {
    const late = (value: string) => `a\n${[...lines(5000, String), value].join('\n')}\n`
    expect(await types('a.csv', late('12'))).toEqual(['BIGINT'])
    expect(await types('a.csv', late('1.5'))).toEqual(['DOUBLE'])
    expect(await types('a.csv', `a,b\n${[...lines(5000, (i) => `,${i}`), '1,2'].join('\n')}\n`)).toEqual([
      'BIGINT',
      'BIGINT',
    ])
    expect(await types('a.csv', `a\n${lines(5000, (i) => (i % 100 ? String(i) : 'none')).join('\n')}\n`)).toEqual([
      'VARCHAR',
    ])
    expect(await types('a.jsonl', `${lines(5000, (i) => `{"a":${i}}`).join('\n')}\n{"a":1.5}\n`)).toEqual(['DOUBLE'])
  })

  it('are those of all files', async () => {
    const root = folderWith({ 'a.csv': 'a\n1\n', 'b.csv': 'a\n1.5\n' })
    const dataset = await openDataset({ root, files: '*.csv' })
    expect(dataset.columns).toEqual([{ name: 'a', type: 'DOUBLE' }])
    dataset.close()
  })

  it('keep all that is written: no number is rounded, no time cut, no date guessed', async () => {
    const found = await types(
      'a.csv',
      'a,b,c,d,e,f,g\n18446744073709551615,1e3,2024-01-02 10:00:00,01/02/2024,1_000,2024-02-30,2024-01-02T10:00:00Z\n1,2,2024-01-03,02/02/2024,2_000,2024-02-30,2024-01-02T10:00:00+02:00\n',
    )
    expect(found).toEqual([
      'DECIMAL(38,0)',
      'DOUBLE',
      'TIMESTAMP',
      'VARCHAR',
      'VARCHAR',
      'VARCHAR',
      'TIMESTAMP WITH TIME ZONE',
    ])
    expect(await rows('a.csv', 'a\n9223372036854775807\n')).toEqual([{ a: 9223372036854775807n }])
    expect(await rows('a.jsonl', '{"a":18446744073709551615}\n')).toEqual([{ a: 18446744073709551615n }])
  })

  it('are text where a number has zeros or a plus sign before it, however few have', async () => {
    for (const padded of ['007', '+7', '-07', '00.5', '+0.5', ' 007']) {
      expect(await rows('a.csv', `a\n7\n${padded}\n`)).toEqual([{ a: '7' }, { a: padded }])
      expect(await types('a.csv', `a\n${[...lines(5000, String), padded].join('\n')}\n`)).toEqual(['VARCHAR'])
    }
    expect(await types('a.csv', 'a,b,c,d,e\n0,-0.5,1e+05,.5,00:30:00\n-7,0,0e1,-.5,01:00:00\n')).toEqual([
      'BIGINT',
      'DOUBLE',
      'DOUBLE',
      'DOUBLE',
      'TIME',
    ])
  })

  it('are not broken by a few values, wherever these stand', async () => {
    const broken = (at: number, value: string) =>
      `a\n${lines(5000, (i) => (i === at ? value : String(i))).join('\n')}\n`
    for (const at of [0, 1500, 2500, 4999]) {
      expect(await problem('a.csv', broken(at, 'N/A'))).toBe(
        `a.csv:${at + 2}  The value of a is no BIGINT, as nearly all others are. Mend it, or write Parquet, where columns have types.`,
      )
    }
    const dates = lines(5000, (i) => (i < 5 ? '31/12/2024' : '2024-12-31'))
    expect(await problem('a.csv', `a\n${dates.join('\n')}\n`)).toContain('a.csv:6  The value of a is no DATE')
    expect(await types('a.csv', `a\n31/12/2024\n${dates.join('\n')}\n`)).toEqual(['VARCHAR'])
  })

  it('are unknown without any value', async () => {
    for (const [name, content] of [
      ['a.csv', 'a,b\n1,\n2,\n'],
      ['a.jsonl', '{"a":1,"b":null}\n{"a":2}\n'],
    ] as const) {
      const dataset = await open(name, content)
      expect(dataset.columns).toEqual([
        { name: 'a', type: 'BIGINT' },
        { name: 'b', type: 'VARCHAR', empty: true },
      ])
      dataset.close()
    }
    const late = await open('a.csv', `a,b\n${lines(5000, (i) => `${i},`).join('\n')}\n1,x\n`)
    expect(late.columns[1]).toEqual({ name: 'b', type: 'VARCHAR' })
    late.close()
  })

  it('take infinite numbers and NaN for numbers', async () => {
    expect(await rows('a.csv', 'a\ninf\n-Infinity\nNaN\n1\n')).toEqual([
      { a: Infinity },
      { a: -Infinity },
      { a: Number.NaN },
      { a: 1 },
    ])
  })

  it('keep dates at the ends of the calendar', async () => {
    expect(await rows('a.csv', 'a\n0001-01-01\n9999-12-31\n')).toEqual([{ a: '0001-01-01' }, { a: '9999-12-31' }])
  })

  it('are the same on any number of threads', async () => {
    const content = `a,b,c,d\n${lines(20_000, (i) => `${i},${i === 19_999 ? '0.5' : i},${i % 7 ? i : ''},${'x'.repeat(300)}`).join('\n')}\n`
    const root = folderWith({ 'a.csv': content })
    const digests: string[] = []
    for (const threads of [1, 4]) {
      const dataset = await openDataset({ root, files: 'a.csv', threads })
      const { a, b, c } = await dataset.readColumns(['a', 'b', 'c'])
      const hash = createHash('sha256').update(JSON.stringify(dataset.columns))
      for (const values of [a, b, c]) hash.update(values as Float64Array)
      digests.push(hash.digest('hex'))
      dataset.close()
    }
    expect(new Set(digests).size).toBe(1)
  })
})

describe('JSON Lines that are not what they should be', () => {
  it('are text where a key has numbers and text', async () => {
    expect(await rows('a.jsonl', '{"a":1}\n{"a":"x"}\n{"a":null}\n{"a":{"b":1}}\n')).toEqual([
      { a: '1' },
      { a: 'x' },
      { a: null },
      { a: '{"b":1}' },
    ])
  })

  it('keep integers of any length', async () => {
    expect(await rows('a.jsonl', '{"a":123456789012345678901234567890}\n{"a":-1}\n')).toEqual([
      { a: 123456789012345678901234567890n },
      { a: -1 },
    ])
    expect(await types('a.jsonl', '{"a":1e30}\n{"a":1}\n')).toEqual(['DOUBLE'])
  })

  it('are refused in one sentence where no line has a key', async () => {
    expect(await problem('a.jsonl', '{}\n{}\n')).toBe(
      'No line of a.jsonl has a key: each is {}. The keys of JSON Lines name the columns.',
    )
  })

  it('have a column for each key, however many there are and however few lines have them', async () => {
    const many = lines(50, (row) =>
      JSON.stringify(Object.fromEntries(lines(300, (i) => `f${i}`).map((key) => [key, row + 0.5]))),
    )
    expect(await types('a.jsonl', many.join('\n'))).toEqual(lines(300, () => 'DOUBLE'))
    const sparse = lines(20, (i) => JSON.stringify({ [`k${i}`]: 'x' })).join('\n')
    const found = await rows('a.jsonl', sparse)
    expect(found).toHaveLength(20)
    expect(Object.keys(found[0]!)).toEqual(lines(20, (i) => `k${i}`))
    const root = folderWith({ 'a.jsonl': sparse, 'b.jsonl': sparse })
    const dataset = await openDataset({ root, files: '*.jsonl' })
    expect(dataset.columns).toHaveLength(20)
    dataset.close()
  })

  it('may have a key called json, with an object of many keys', async () => {
    const object = Object.fromEntries(lines(300, (i) => `k${i}`).map((key) => [key, 1]))
    expect(await types('a.jsonl', JSON.stringify({ json: object }))).toEqual(['MAP(VARCHAR, BIGINT)'])
  })

  it('are refused with a line that no string can hold', async () => {
    const twenty = gzipSync(Buffer.alloc(20 * 2 ** 20, 'x'))
    const line = Buffer.concat([gzipSync('{"a":1}\n{"a":"'), ...lines(30, () => '').map(() => twenty)])
    const sentence =
      'a.jsonl.gz:2  This cannot be read as JSON Lines: each line must be one JSON object of at most 16 MB. Write it again.'
    expect(await problem('a.jsonl.gz', line)).toBe(sentence)
  })

  it('are refused where a line is no object', async () => {
    for (const content of ['[{"a":1}]\n', '1\n']) {
      expect(await problem('a.jsonl', content)).toContain('a.jsonl:1  This cannot be read as JSON Lines')
    }
    expect(await problem('a.jsonl', '\n\n')).toBe('a.jsonl holds no rows.')
  })

  it('are refused where keys differ in case only, or a key is there twice', async () => {
    expect(await problem('a.jsonl', '{"a":1}\n{"A":"x"}\n')).toContain('which SQL takes for the same')
    expect(await problem('a.jsonl', '{"a":1,"a":2}\n')).toContain('a.jsonl cannot be read as JSON Lines')
  })
})

describe('Parquet that is hostile', () => {
  it('is read whatever its columns are called', async () => {
    const root = folderWith()
    const name = '"; DROP VIEW data; --'
    const quoted = `"${name.replaceAll('"', '""')}"`
    const select = `SELECT i AS ${quoted}, i + 1 AS file_row_number, i + 2 AS filename, i + 3 AS rowid, i + 4 AS "__proto__"`
    await writeParquet(join(root, 'a.parquet'), `${select} FROM range(3) t(i)`)
    await writeParquet(join(root, 'b.parquet'), `${select} FROM range(3, 6) t(i)`)
    const dataset = await openDataset({ root, files: '*.parquet', shard: { index: 2, of: 3 } })
    const found = await dataset.query('SELECT * FROM modelyard_part')
    expect(found.map((row) => Object.values(row))).toEqual([
      [2, 3, 4, 5, 6],
      [3, 4, 5, 6, 7],
    ])
    expect(Object.keys(found[0]!)).toEqual([name, 'file_row_number', 'filename', 'rowid', '__proto__'])
    dataset.close()
  })

  it('is read with 5,000 columns', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), `SELECT ${lines(5000, (i) => `1 AS c${i}`).join(', ')}`)
    const dataset = await openDataset({ root, files: 'a.parquet' })
    expect([dataset.columns.length, dataset.rows]).toEqual([5000, 1])
    dataset.close()
  })

  it('is read where it is compressed as a whole, and refused where that is cut short', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT i FROM range(1000) t(i)')
    const bytes = readFileSync(join(root, 'a.parquet'))
    for (const [name, packed] of Object.entries({
      'a.parquet.gz': gzipSync(bytes),
      'a.parquet.zst': zstdCompressSync(bytes),
    })) {
      const dataset = await open(name, packed)
      expect(await dataset.query('SELECT sum(i)::INT AS sum FROM data')).toEqual([{ sum: 499_500 }])
      dataset.close()
      expect(await problem(name, packed.subarray(0, packed.length - 50))).toContain(`${name} cannot be read as Parquet`)
    }
  })

  it.each([0.1, 0.5, 0.9])('is never read in part where a page is missing at %f of it', async (share) => {
    const root = folderWith()
    const select = 'SELECT i, md5(i::VARCHAR) AS s FROM range(100000) t(i)'
    await writeParquet(join(root, 'a.parquet'), select, 'ROW_GROUP_SIZE 20000')
    const bytes = readFileSync(join(root, 'a.parquet'))
    const at = Math.floor(bytes.length * share)
    const dataset = await open('a.parquet', bytes.fill(0, at, at + 5000))
    const sentence = 'A Parquet file of the data is damaged: a part of it cannot be read. Write it again.'
    await expect(dataset.query('SELECT sum(i), max(s) FROM data')).rejects.toThrow(sentence)
    await expect(dataset.readColumns(['i', 's'])).rejects.toThrow(sentence)
    dataset.close()
  })

  it('is refused where its footer counts other rows than it has', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT i FROM range(3) t(i)')
    const bytes = readFileSync(join(root, 'a.parquet'))
    // As Thrift writes it: the number of rows, 3, and after it a list, that of the row groups.
    const at = bytes.lastIndexOf(Uint8Array.of(0x16, 6, 0x19)) + 1
    expect(at).toBeGreaterThan(0)
    for (const count of [0, 2, 126]) {
      const forged = Buffer.from(bytes)
      forged[at] = count
      expect(await problem('a.parquet', forged)).toBe(
        'a.parquet cannot be read as Parquet: it is cut short, damaged or something else. Write it again.',
      )
    }
  })

  it('is refused where two columns differ in case only', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT 1 AS a_1')
    const dataset = await openDataset({ root, files: 'a.parquet' })
    expect(dataset.columns).toEqual([{ name: 'a_1', type: 'INTEGER' }])
    dataset.close()
  })
})

describe('folders that are named as columns', () => {
  async function layOut(files: Record<string, string>) {
    const root = folderWith()
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    return root
  }

  it('are columns with types', async () => {
    const root = await layOut({
      'year=2001/day=2001-01-02/city=S%C3%A3o Paulo/a.csv': 'i\n1\n2\n',
      'year=2002/day=2002-01-02/city=__HIVE_DEFAULT_PARTITION__/a.csv': 'i\n3\n',
    })
    for (const index of [1, 2]) {
      const dataset = await openDataset({ root, files: '**/*.csv', shard: { index, of: 2 } })
      expect(dataset.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
        'i BIGINT',
        'year BIGINT',
        'day DATE',
        'city VARCHAR',
      ])
      const first = { i: 1, year: 2001, day: '2001-01-02', city: 'São Paulo' }
      const last = [
        { ...first, i: 2 },
        { i: 3, year: 2002, day: '2002-01-02', city: null },
      ]
      expect(await dataset.query('SELECT * FROM modelyard_part')).toEqual(index === 1 ? [first] : last)
      dataset.close()
    }
  })

  it('are refused where they are not the same for all files, or clash with a column', async () => {
    const mixed = await layOut({ 'a=1/x.csv': 'i\n1\n', 'b=1/x.csv': 'i\n1\n' })
    await expect(openDataset({ root: mixed, files: '**/*.csv' })).rejects.toThrow(
      'a=1/x.csv and b=1/x.csv differ in the columns that folders are named by: a= and b=.',
    )
    const twin = await layOut({ 'I=1/x.csv': 'i\n1\n' })
    await expect(openDataset({ root: twin, files: '**/*.csv' })).rejects.toThrow(
      "I=1/x.csv has a column I, and so has its folder's name.",
    )
  })
})

describe('SQL over files', () => {
  const root = folderWith({ 'a.csv': 'a,b\n3,x\n1,y\n2,z\n', 'b.csv': 'a,b\n5,x\n' })
  const open = (sql: string, more = {}) => openDataset({ root, files: '*.csv', sql, ...more })

  it('makes the data, in the order of their values, as shards see them, too', async () => {
    const found: unknown[] = []
    for (const index of [1, 2]) {
      const dataset = await open('SELECT b, sum(a) AS "sum of a" FROM files GROUP BY b; ', { shard: { index, of: 2 } })
      expect(dataset.rows).toBe(3)
      found.push(...(await dataset.query('SELECT * FROM modelyard_part')))
      dataset.close()
    }
    expect(found).toEqual([
      { b: 'x', 'sum of a': 8 },
      { b: 'y', 'sum of a': 1 },
      { b: 'z', 'sum of a': 2 },
    ])
  })

  it.each([
    ["SELECT * FROM read_text('/etc/passwd')", 'Permission'],
    ["COPY files TO '/tmp/x.csv'", 'Permission'],
    ['DROP VIEW files', 'Only a SELECT may be run on data.'],
    ["SELECT 1) TO '/tmp/x.csv'; --", 'syntax'],
    ['SELECT a, a FROM files', 'The answer of the SQL has two columns a.'],
    ['SELECT * FROM files WHERE false', 'hold no rows'],
    ['SELECT oops FROM files', 'oops'],
  ])('refuses %s', async (sql, sentence) => {
    const result = await open(sql).catch((error) => error)
    expect(result).toBeInstanceOf(UserError)
    expect(result.message).toContain(sentence)
  })
})
