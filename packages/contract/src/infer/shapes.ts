import type { Dataset } from '@modelyard/data'

/** How texts are written: a regular expression without its anchors, and how many rows are. */
export interface Shape {
  pattern: string
  rows: number
}

/** Text of so many shapes is of a kind; of more, it is written freely. */
const MOST_SHAPES = 3
/** A shape that is seen less often may have sisters that were not seen at all. */
const LEAST_ROWS = 20
/** So many rows show whether it is worth looking at all. */
const FIRST_ROWS = 1_000

/** Classes of characters, and what stands for them: a character that no text has. */
const CLASSES = [
  { mark: '\u0001', class_: '[A-Z]', of: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { mark: '\u0002', class_: '[a-z]', of: 'abcdefghijklmnopqrstuvwxyz' },
  { mark: '\u0003', class_: '[0-9]', of: '0123456789' },
] as const
/** Where a text has one of these, it has no shape. */
const FOREIGN = '\u0004'

const from = CLASSES.map(({ mark, of }) => of + mark).join('')
const to = CLASSES.map(({ mark, of }) => mark.repeat(of.length) + FOREIGN).join('')
/** `translate` is many times as fast as a regular expression. */
const EXACT = `translate(v::VARCHAR, '${from}', '${to}')`
const RUNS = CLASSES.reduce((sql, { mark }) => `regexp_replace(${sql}, '${mark}+', '${mark}', 'g')`, EXACT)

/**
 * The few shapes that all texts have: `^[A-Z]{3}$`, `^[0-9]{8}-[A-Z]{3}$`. Where there are many, or numbers go on
 * (`isOpen`), runs of any length are one shape: `^order-[0-9]+$`. Undefined where that is not enough, or where there is
 * nothing but one class of characters of any length, which says nothing.
 */
export async function shapesOf(dataset: Dataset, known: string, isOpen: boolean): Promise<Shape[] | undefined> {
  for (const plus of isOpen ? ['+'] : ['', '+']) {
    const shape = plus ? RUNS : EXACT
    const found = await groups(dataset, `(SELECT ${shape} AS shape FROM ${known} LIMIT ${FIRST_ROWS})`)
    if (!found) continue
    const all = await groups(dataset, `(SELECT ${shape} AS shape FROM ${known})`)
    if (!all || all.some(({ rows }) => rows < LEAST_ROWS)) continue
    const shapes = all.map(({ shape: text, rows }) => ({ pattern: patternOf(text, plus), rows }))
    if (shapes.every(({ pattern }) => pattern !== undefined)) return shapes as Shape[]
  }
  return undefined
}

async function groups(dataset: Dataset, source: string): Promise<Array<{ shape: string; rows: number }> | undefined> {
  const found = await dataset.query(
    `SELECT shape, count(*) AS rows FROM ${source} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_SHAPES + 1}`,
  )
  if (found.length > MOST_SHAPES) return undefined
  return found.map(({ shape, rows }) => ({ shape: String(shape), rows: Number(rows) }))
}

/** A regular expression for a shape; undefined where it has characters that are no ASCII, or says nothing. */
function patternOf(shape: string, plus: string): string | undefined {
  if (shape === '' || /[^\u0001-\u0003\u0020-\u007e]/.test(shape) || (plus && shape.length === 1)) return undefined
  return shape.replaceAll(/(.)\1*/gs, (run, character: string) => {
    const class_ = CLASSES.find(({ mark }) => mark === character)?.class_
    if (class_ && plus) return `${class_}+`.repeat(run.length)
    const one = class_ ?? character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
    return run.length === 1 ? one : class_ ? `${one}{${run.length}}` : one.repeat(run.length)
  })
}
