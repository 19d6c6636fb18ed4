import type { DiffPlace, Side } from '../store/entities.ts'

/** One line of a file's diff below its first `@@`. */
export interface DiffLine {
  /** How many lines below the first `@@`, which has 0. */
  position: number
  hunk: number
  /** The line's number in the old file and in the new one; null where it is not part of it, or is an `@@`. */
  left: number | null
  right: number | null
  text: string
}

/** What is asked of a comment's place: lines, or the older way, a position. */
export interface Place {
  line?: number
  side?: Side
  start_line?: number
  start_side?: Side
  position?: number
}

/** Reads a patch from its first `@@` on. */
export function parsePatch(patch: string): DiffLine[] {
  const start = patch.search(/^@@ /m)
  if (start < 0) return []
  const lines: DiffLine[] = []
  let [hunk, left, right] = [-1, 0, 0]
  for (const text of patch.slice(start).replace(/\n$/, '').split('\n')) {
    const position = lines.length
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text)
    if (head) {
      hunk++
      left = Number(head[1])
      right = Number(head[2])
    }
    const inOld = !head && (text[0] === ' ' || text[0] === '-')
    const inNew = !head && (text[0] === ' ' || text[0] === '+')
    lines.push({ position, hunk, left: inOld ? left++ : null, right: inNew ? right++ : null, text })
  }
  return lines
}

/** Finds where a comment is asked to stand; undefined where that is no part of the diff. */
export function findPlace(lines: readonly DiffLine[], asked: Place): DiffPlace | undefined {
  const { line, side = 'RIGHT', start_line, start_side = side, position } = asked
  if (line === undefined) {
    const at = position === undefined || position < 1 ? undefined : lines[position]
    if (!at || (at.left === null && at.right === null)) return undefined
    const where: Side = at.right === null ? 'LEFT' : 'RIGHT'
    return { line: (at.right ?? at.left)!, side: where, startLine: null, startSide: null, position: at.position }
  }
  const end = lineAt(lines, side, line)
  if (!end) return undefined
  const place = { line, side, startLine: null, startSide: null, position: end.position }
  if (start_line === undefined) return place
  const start = lineAt(lines, start_side, start_line)
  if (!start || start.hunk !== end.hunk || start.position >= end.position) return undefined
  return { ...place, startLine: start_line, startSide: start_side }
}

const lineAt = (lines: readonly DiffLine[], side: Side, number: number) =>
  lines.find((each) => each[side === 'LEFT' ? 'left' : 'right'] === number)

/** The diff from the hunk's `@@` down to the line, as comments show it. */
export function hunkOf(lines: readonly DiffLine[], { position }: DiffPlace): string {
  const { hunk } = lines[position]!
  return lines
    .filter((each) => each.hunk === hunk && each.position <= position)
    .map(({ text }) => text)
    .join('\n')
}

/** Where a line of the new file is after further commits: undefined where these changed it. */
export function followLine(lines: readonly DiffLine[], number: number): number | undefined {
  let shift = 0
  for (const { left, right } of lines) {
    if (left !== null && left >= number) return left === number ? (right ?? undefined) : number + shift
    if (left === null && right === null) continue
    if (left === null) shift++
    else if (right === null) shift--
  }
  return number + shift
}
