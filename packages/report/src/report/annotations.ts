import { lets, type Predicate, type Statement, type Verdict } from '@modelyard/spec'
import { manyLines, oneLine } from '../document/escape.ts'
import { sayCheck } from '../gate/findings.ts'
import { ruleName } from '../gate/gate-cells.ts'
import { sayFirstRows } from './first-rows.ts'

/** A finding at a line of a file of the repository. */
export interface Annotation {
  path: string
  line: number
  level: 'failure' | 'warning'
  /** Plain text, one line. */
  title: string
  message: string
}

/** As many as a person looks through; the gravest stay. */
const MOST = 100

/**
 * What did not pass, at the lines that ask for it: checks at the contract's, gates at the model file's. Both files are
 * named from the repository's root; a record that does not say where they lie gives none, nor does one that points
 * out of the repository.
 */
export function annotationsOf({
  validation,
  gate,
}: {
  validation?: Statement<'validation'> | undefined
  gate?: Statement<'gate'> | undefined
}): Annotation[] {
  const found = [...(validation ? checksOf(validation.predicate) : []), ...(gate ? gatesOf(gate.predicate) : [])]
  return [
    ...found.filter(({ level }) => level === 'failure'),
    ...found.filter(({ level }) => level === 'warning'),
  ].slice(0, MOST)
}

function checksOf({ contract, checks, run }: Predicate<'validation'>): Annotation[] {
  const path = contract && run.model_file !== undefined && beside(run.model_file, contract.file)
  if (!path) return []
  return checks.flatMap((check) => {
    const { verdict, line, dataset, column } = check
    if (verdict === 'pass' || line === undefined) return []
    const title = [dataset, column].filter(Boolean).join(': ')
    return [annotation(path, line, verdict, title, `${sayCheck(check)}${sayFirstRows(check)}`)]
  })
}

function gatesOf({ gates, model, run }: Predicate<'gate'>): Annotation[] {
  const path = run.model_file !== undefined && beside(run.model_file, '')
  if (!path) return []
  return gates.flatMap((each) =>
    each.verdict === 'pass' || each.line === undefined
      ? []
      : [annotation(path, each.line, each.verdict, `${model}: ${ruleName(each)}`, each.reason)],
  )
}

function annotation(path: string, line: number, verdict: Verdict, title: string, message: string): Annotation {
  return {
    path,
    line,
    level: lets(verdict) ? 'warning' : 'failure',
    title: oneLine(title, 200),
    // GitHub refuses an empty one.
    message: manyLines(message, 2000).trim() || oneLine(title, 200),
  }
}

/** A file that is named from the folder of another, or that other itself; null where it would leave the repository. */
function beside(file: string, relative: string): string | null {
  const parts = (relative === '' ? file : `${file.split('/').slice(0, -1).join('/')}/${relative}`).split('/')
  const path = parts.filter((part) => part !== '' && part !== '.')
  const leaves = path.includes('..') || file.startsWith('/') || /^[a-zA-Z]:|\\|[\0-\x1f]/.test(path.join('/'))
  return leaves || path.length === 0 ? null : path.join('/')
}
