import type { Signature } from './commits.ts'

/** An annotated tag as git keeps it. */
export interface TagObject {
  name: string
  object: string
  type: 'commit' | 'tag' | 'tree' | 'blob'
  tagger: Signature
  message: string
}

/** The last second that `Date` knows; git goes on. */
const LAST = 8.64e12

/** Reads what `git cat-file tag` prints. */
export function parseTagObject(text: string): TagObject {
  const [head, ...rest] = text.split('\n\n')
  const lines = head!.split('\n')
  const field = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
  const [, name = '', email = '', seconds = '0'] = /^([^<]*) <([^>]*)> (\d+)/.exec(field('tagger')) ?? []
  return {
    name: field('tag'),
    object: field('object'),
    type: field('type') as TagObject['type'],
    tagger: { name, email, date: dateOf(Number(seconds)) },
    message: rest.join('\n\n'),
  }
}

/** As Ruby writes a year of more than four digits, plainly. */
function dateOf(seconds: number): string {
  return new Date(Math.min(seconds, LAST) * 1000).toISOString().replace('.000', '').replace(/^\+0*/, '')
}
