import type { StepContext } from '../context.ts'
import { git } from '../source.ts'

/**
 * The branch that the work is to go into: that of the pull request; elsewhere the default branch, unless the checkout is
 * that branch as it stands. Undefined where there is none.
 */
export async function findBaseBranch({ root, run }: Pick<StepContext, 'root' | 'run'>): Promise<string | undefined> {
  if (run.base !== undefined || run.event !== undefined) return run.base
  const ask = (...args: string[]) =>
    git(root, ...args).then(
      (said) => said.trim(),
      () => undefined,
    )
  const remote = (await ask('symbolic-ref', '--short', 'refs/remotes/origin/HEAD')) ?? 'origin/main'
  const [there, here] = [await ask('rev-parse', '--verify', '--quiet', remote), await ask('rev-parse', 'HEAD')]
  if (there === undefined) return undefined
  if (there === here && (await ask('status', '--porcelain', '--untracked-files=no')) === '') return undefined
  return remote.slice('origin/'.length)
}

/** The newest commit of a branch that this checkout has; undefined where it has none, as after a shallow one. */
export async function findBaseCommit(root: string, branch: string): Promise<string | undefined> {
  return git(root, 'rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}^{commit}`).then(
    (commit) => commit.trim(),
    () => undefined,
  )
}
