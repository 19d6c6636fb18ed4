import { posix } from 'node:path'
import { get } from '../settings.ts'
import { trains } from './commands.ts'
import type { Detector } from './finding.ts'

/** A notebook whose cells fit a model and save it. Notebooks run in their own folder, as Jupyter does it. */
export const detectNotebook: Detector = ({ texts }) => {
  const [first, ...others] = [...texts]
    .filter(([file]) => file.endsWith('.ipynb') && !file.includes('.ipynb_checkpoints/'))
    .map(([file, text]) => ({ file, text: cellsOf(text) }))
    .filter(({ text }) => trains(text))
    .sort((a, b) => rank(a.file) - rank(b.file))
  if (!first) return undefined
  const folder = posix.dirname(first.file)
  return {
    habit: 'notebook',
    file: first.file,
    commands: [],
    code: [{ ...first, runsIn: folder === '.' ? '' : folder }],
    data: [],
    others: others.map(({ file }) => file),
  }
}

function rank(file: string): number {
  return /train|model/i.test(file) ? 0 : 1
}

/** The code of a notebook, without the lines that only Jupyter understands. */
export function cellsOf(text: string): string {
  let notebook: unknown
  try {
    notebook = JSON.parse(text)
  } catch {
    return ''
  }
  const cells = get(notebook, 'cells')
  return (Array.isArray(cells) ? cells : [])
    .filter((cell) => get(cell, 'cell_type') === 'code')
    .map((cell) => [get(cell, 'source')].flat().join(''))
    .filter((source) => !source.startsWith('%%'))
    .map((source) => source.replace(/^[ \t]*[%!].*$/gm, ''))
    .join('\n\n')
}
