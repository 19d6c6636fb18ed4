import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UserError } from '@modelyard/spec'

const run = promisify(execFile)

/** A clone with a filter would fetch what it lacks, from whatever its settings name; then it is not read offline. */
const ENV = { GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' }

/**
 * What git has under each name (`<sha>`, `<commit>:<path>`), as text, from one process; null where there is nothing.
 * Throws a `UserError` where a partial clone has left it out.
 */
export async function catFile(folder: string, names: readonly string[]): Promise<Array<string | null>> {
  if (names.length === 0) return []
  const env = { ...process.env, ...ENV }
  const args = ['cat-file', '--batch', '--buffer']
  const pending = run('git', args, { cwd: folder, env, encoding: 'buffer', maxBuffer: Number.POSITIVE_INFINITY })
  pending.child.stdin!.on('error', () => {}).end(`${names.join('\n')}\n`)
  const { stdout } = await pending.catch((cause) => {
    if (!/promisor remote/.test(String(cause.stderr))) throw cause
    throw new UserError(
      `This clone is partial, and what is asked for here was left out of it. Run git fetch --refetch --no-filter --tags origin, or ask GitHub.`,
      { cause },
    )
  })
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
