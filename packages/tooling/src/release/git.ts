import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Where a release is pushed. */
export interface Remote {
  /** As git takes it: a URL, a path, the name of a remote. */
  url: string
  /** What git needs to get in. */
  env?: Record<string, string>
}

/** What git says in a folder, without its last line end. Throws with git's own words. */
export async function git(
  folder: string,
  args: string[],
  { env = {}, input }: { env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  try {
    const running = execute('git', args, { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1 << 28 })
    running.child.stdin?.end(input)
    const { stdout } = await running
    return stdout.replace(/\n$/, '')
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw new Error(`git ${args[0]} failed in ${folder}: ${stderr?.trim() || message}`, { cause: error })
  }
}
