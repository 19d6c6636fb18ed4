import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Source } from '@modelyard/spec'

const run = promisify(execFile)

/** The git tree of the commit that is checked out, and whether tracked files differ from it. */
export async function readSource(root: string): Promise<Source> {
  const git = async (...args: string[]) =>
    (await run('git', ['-c', `safe.directory=${root}`, ...args], { cwd: root })).stdout.trim()
  try {
    const [tree, changes] = await Promise.all([
      git('rev-parse', 'HEAD^{tree}'),
      git('status', '--porcelain', '--untracked-files=no'),
    ])
    return { tree, dirty: changes !== '' }
  } catch {
    return { tree: null, dirty: true }
  }
}
