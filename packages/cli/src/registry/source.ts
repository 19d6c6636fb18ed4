import { FETCH_TAGS_SHALLOW, inClone, isShallow, onGitHub, type Source } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'

/** Where the registry is read: on GitHub where there is a token, else in this clone, which may be behind. */
export async function sourceOf(context: StepContext, options: Record<string, string>): Promise<Source> {
  const { github, root } = context
  if (github && options.offline !== 'true') return onGitHub(github)
  await sayThatItIsTheClone(context, options)
  return inClone(root)
}

/** Warns that a clone speaks, and not GitHub. Throws a `UserError` where there is none. */
export async function sayThatItIsTheClone(
  { root, log, lacks }: StepContext,
  options: Record<string, string>,
  limits = '',
): Promise<void> {
  const why = options.offline === 'true' ? '' : ` Set ${LACKING[lacks ?? 'token']} to ask GitHub.`
  const isCut = await isShallow(root).catch(() => {
    throw new UserError(`${root} is no clone in which the registry could be read.${why || ' Make one, or ask GitHub.'}`)
  })
  const shallow = isCut ? ` It is shallow: ${FETCH_TAGS_SHALLOW} brings the tags that it may lack.` : ''
  log.warn({ message: `Read from this clone, as it was at its last git fetch --tags.${limits}${shallow}${why}` })
}

const LACKING = { token: 'GITHUB_TOKEN', repository: 'GITHUB_REPOSITORY (owner/name)' }
