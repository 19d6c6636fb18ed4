import { oneLine } from './escape.ts'

/** A word for a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  const line = oneLine(text)
  return /^[\w@%+=:,./-]+$/.test(line) && !line.startsWith('-') ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
