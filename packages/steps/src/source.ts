import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Source } from '@modelyard/spec'

const run = promisify(execFile)

/** What git says of the checkout at `root`, whoever owns its files; the texts of `-z` end with NUL. */
export async function git(root: string, ...args: string[]): Promise<string> {
  const all = ['-c', `safe.directory=${root}`, ...args]
  return (await run('git', all, { cwd: root, maxBuffer: 1 << 26 })).stdout
}

/** The git tree of the commit that is checked out, and whether tracked files differ from it. */
export async function readSource(root: string): Promise<Source> {
  try {
    const [tree, changes] = await Promise.all([
      git(root, 'rev-parse', 'HEAD^{tree}'),
      git(root, 'status', '--porcelain', '--untracked-files=no'),
    ])
    return { tree: tree.trim(), dirty: changes.trim() !== '' }
  } catch {
    return { tree: null, dirty: true }
  }
}
