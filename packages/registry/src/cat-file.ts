import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What git has under each name (`<sha>`, `<commit>:<path>`), as text, from one process; null where there is nothing.
 */
export async function catFile(folder: string, names: readonly string[]): Promise<Array<string | null>> {
  if (names.length === 0) return []
  const args = ['-c', `safe.directory=${folder}`, 'cat-file', '--batch', '--buffer']
  const pending = run('git', args, { cwd: folder, encoding: 'buffer', maxBuffer: Number.POSITIVE_INFINITY })
  pending.child.stdin!.on('error', () => {}).end(`${names.join('\n')}\n`)
  const { stdout } = await pending
  let at = 0
  return names.map(() => {
    const end = stdout.indexOf('\n', at)
    const head = stdout.toString('latin1', at, end)
    at = end + 1
    if (!/^[0-9a-f]+ \w+ \d+$/.test(head)) return null
    const bytes = Number(head.slice(head.lastIndexOf(' ')))
    const text = stdout.toString('utf8', at, at + bytes)
    at += bytes + 1
    return text
  })
}
