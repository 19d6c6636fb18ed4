import { sha256 } from '@modelyard/spec'

/** What a retrain pull request answers: the columns that moved away from what a version learned. */
export interface Answered {
  /** The live version. */
  champion: string
  columns: string[]
}

/** The same as digests: text from data stays out of markup, and a column's name can be found again. */
export interface Marked {
  champion: string
  columns: string[]
}

const PREFIX = 'modelyard:retrain'

/** The hidden first line of a retrain pull request's text. */
export function writeMarker(model: string, answered: Answered): string {
  const { champion, columns } = mark(answered)
  return `<!-- ${PREFIX}:${model}:${champion}:${columns.join(',')} -->`
}

/** What a pull request answers, as its text says; undefined where it does not, or answers nothing any more. */
export function readMarker(model: string, body: string): Marked | undefined {
  const [first = ''] = body.split('\n')
  const match = /^<!-- (.+):([0-9a-f]{12}):([0-9a-f,]+) -->$/.exec(first)
  return match?.[1] === `${PREFIX}:${model}` ? { champion: match[2]!, columns: match[3]!.split(',') } : undefined
}

/** Takes the marker out: nobody closed it for good, and the same drift, should it come back, is a new one. */
export function clearMarker(model: string, body: string): string {
  return readMarker(model, body) ? body.replace(/^[^\n]*/, `<!-- ${PREFIX}:${model}:cleared -->`) : body
}

export function mark({ champion, columns }: Answered): Marked {
  const short = (text: string) => sha256(text).slice(0, 12)
  return { champion: short(champion), columns: columns.map(short).sort() }
}
