import { inClone, isShallow, onGitHub, type Source } from '@modelyard/registry'
import type { StepContext } from '@modelyard/steps'

/** Where the registry is read: on GitHub where there is a token, else in this clone, which may be behind. */
export async function sourceOf({ github, root, log }: StepContext, options: Record<string, string>): Promise<Source> {
  if (github && options.offline !== 'true') return onGitHub(github)
  const why = options.offline === 'true' ? '' : ' Set GITHUB_TOKEN to ask GitHub.'
  const shallow = (await isShallow(root).catch(() => false))
    ? " It is shallow: git fetch --depth=1 origin '+refs/tags/*:refs/tags/*' brings the tags that it may lack."
    : ''
  log.warn({ message: `Read from this clone, as it was at its last git fetch --tags.${shallow}${why}` })
  return inClone(root)
}
