import { matchesGlob } from '../rules/glob.ts'
import { showFile } from './git.ts'

export interface OwnersRule {
  /** From 1. */
  line: number
  pattern: string
  /** `@ann`, `@acme/team`, `ann@example.com`; none: nobody owns what fits. */
  owners: string[]
}

export interface OwnersError {
  line: number
  column: number
  kind: string
  source: string
  suggestion: string | null
  message: string
}

export interface Codeowners {
  path: string
  rules: OwnersRule[]
  errors: OwnersError[]
}

/** Where the file may lie; the first that is there counts. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

/** Larger files are not read at all. */
const MAX_BYTES = 3 * 1024 * 1024

/** The CODEOWNERS file of a commit; undefined where it has none that counts. */
export async function readCodeowners(gitDir: string, commit: string): Promise<Codeowners | undefined> {
  for (const path of PLACES) {
    const text = await showFile(gitDir, commit, path)
    if (text !== undefined) return Buffer.byteLength(text) > MAX_BYTES ? undefined : { path, ...parseCodeowners(text) }
  }
  return undefined
}

/** Reads the file's rules; a line with an error is left out, as GitHub does. */
export function parseCodeowners(text: string): Omit<Codeowners, 'path'> {
  const rules: OwnersRule[] = []
  const errors: OwnersError[] = []
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(source)
    const [pattern, ...owners] = words
    if (!pattern) continue
    const line = index + 1
    const refuse = (column: number, kind: string, suggestion: string | null) =>
      errors.push({ line, column, kind, source, suggestion, message: explain(kind, line, source, column, suggestion) })
    if (isNoPattern(pattern.text)) {
      refuse(pattern.column, 'Invalid pattern', pattern.text === '/' ? NEVER : null)
      continue
    }
    const wrong = owners.find((owner) => !isOwner(owner.text))
    if (wrong) refuse(wrong.column, 'Invalid owner', null)
    else rules.push({ line, pattern: pattern.text.replaceAll('\\ ', ' '), owners: owners.map((owner) => owner.text) })
  }
  return { rules, errors }
}

const NEVER = 'The pattern `/` will never match anything, did you mean `*` instead?'

/** What gitignore takes and GitHub does not: exceptions, a `#` at the beginning, sets of characters. */
function isNoPattern(text: string): boolean {
  const set = text.indexOf('[')
  return text === '/' || text.startsWith('!') || text.startsWith('\\#') || (set >= 0 && text.includes(']', set))
}

const NAME = /^@[A-Za-z\d][\w-]*(?:\/[\w.-]+)?$/

/** A person, a team of an organization, or an address. One expression for all would take long over a long line. */
function isOwner(text: string): boolean {
  if (NAME.test(text)) return true
  const [name, host, ...rest] = text.split('@')
  if (!name || !host || rest.length > 0 || /\s/.test(text)) return false
  const dot = host.indexOf('.', 1)
  return dot > 0 && dot < host.length - 1
}

/** The words of a line with where they begin, from 1; `\ ` is no end of a word, ` #` begins a comment. */
function wordsOf(source: string): Array<{ text: string; column: number }> {
  const words = [...source.matchAll(/(?:\\ |\S)+/g)].map((match) => ({ text: match[0], column: match.index + 1 }))
  const comment = words.findIndex(({ text }) => text.startsWith('#'))
  return comment < 0 ? words : words.slice(0, comment)
}

function explain(kind: string, line: number, source: string, column: number, suggestion: string | null): string {
  const head = `${kind} on line ${line}: ${suggestion ?? ''}`.trimEnd()
  return `${head}\n\n  ${source}\n  ${' '.repeat(column - 1)}^`
}

/** Who owns a path: the last rule that fits decides. */
export function ownersOf({ rules }: Pick<Codeowners, 'rules'>, path: string): string[] {
  return rules.findLast(({ pattern }) => owns(pattern, path))?.owners ?? []
}

/**
 * Gitignore's patterns: one without a `/` but at its end fits anywhere, one that names a folder fits all in it. Alone
 * `docs/*` does not reach below its folder.
 */
function owns(pattern: string, path: string): boolean {
  let end = pattern.length
  while (pattern[end - 1] === '/') end--
  const trimmed = pattern.slice(0, end)
  const anchored = trimmed.includes('/')
  const glob = trimmed.startsWith('/') ? trimmed.slice(1) : anchored ? trimmed : `**/${trimmed}`
  const inFolder = matchesGlob(`${glob}/**`, path) && !(anchored && glob.endsWith('/*'))
  return inFolder || (!pattern.endsWith('/') && matchesGlob(glob, path))
}
