import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toyModel, writeModel } from './repository.ts'

const DAY = 86_400_000
const START = Date.UTC(2001, 0, 4)
const WEEKS = 8
const A_WEEK = 1250

/** A toy model whose training data are eight weeks, each like the other, and which knows what production sees. */
export async function writeDriftingModel(folder: string, name: string, drift: string): Promise<void> {
  await writeModel(folder, `${toyModel(name, { 'id: id }': 'id: id, time: at }' })}drift: ${drift}\n`)
  const rows = await toyRows('train')
  await writeRows(join(folder, 'data/train.csv'), rows, { count: WEEKS * A_WEEK, from: START, days: WEEKS * 7 })
  const holdout = await toyRows('holdout')
  await writeRows(join(folder, 'data/holdout.csv'), holdout, { count: holdout.length, from: START + 56 * DAY, days: 7 })
  await writeFile(join(folder, 'move-on.sh'), 'echo better > candidate.txt\n')
  await writeProduction(folder)
}

/** The newest week of production: like the training data, or with the column `a` so many times what it was. */
export async function writeProduction(folder: string, { factor = 1 } = {}): Promise<void> {
  await mkdir(join(folder, 'data/production'), { recursive: true })
  const rows = (await toyRows('train')).map(({ a, ...row }) => ({ ...row, a: a * factor }))
  await writeRows(join(folder, 'data/production/week.csv'), rows, { count: A_WEEK, from: START + 63 * DAY, days: 7 })
}

interface Row {
  a: number
  b: string
  y: string
}

/** The rows of the toy's own data. */
async function toyRows(part: 'train' | 'holdout'): Promise<Row[]> {
  const file = join(TOY, `${part}.csv`)
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const [, a, b, y] = line.split(',') as [string, string, string, string]
    return { a: Number(a), b, y }
  })
}

const TOY = join(import.meta.dirname, '../fixtures/toy/data')

/** Writes so many of the rows, over and over, evenly over so many days. */
async function writeRows(
  path: string,
  rows: readonly Row[],
  { count, from, days }: { count: number; from: number; days: number },
): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => {
    const { a, b, y } = rows[index % rows.length]!
    const at = new Date(from + (index * days * DAY) / count).toISOString().slice(0, 19)
    return `${from / DAY}${index},${at},${a.toFixed(3)},${b},${y}`
  })
  await writeFile(path, `id,at,a,b,y\n${lines.join('\n')}\n`)
}
