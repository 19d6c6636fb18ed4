import type { Contradiction } from './contradictions.ts'
import type { ModelFile } from './schema.ts'
import { show } from './wording.ts'

/** Entries of `data.fetch` that stand for several files, and make one of them. */
export function unfetchable({ data }: ModelFile): Contradiction[] {
  return data.fetch.flatMap(({ from, to, sha256 }, index) => {
    const at = (key: string) => ['data', 'fetch', index, key]
    const isSeveral = /^s3:\/\/(?:[^/]+\/?$|.*(?:\/$|[*?[{]))/.test(from)
    const found: Contradiction[] = []
    if (isSeveral && !to.endsWith('/'))
      found.push({
        path: at('to'),
        message: `${show(at('to'))} is ${to}, and ${from} stands for several files. Name a folder, with a / at its end.`,
      })
    if (isSeveral && sha256 !== undefined)
      found.push({
        path: at('sha256'),
        message: `${show(at('sha256'))} is of one file, and ${from} stands for several. Leave it out, or name each file.`,
      })
    return found
  })
}
