import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type GitHub, readDefaultBranch, readRef } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { needGitHub, type StepContext } from '@modelyard/steps'

const run = promisify(execFile)

/**
 * The context of somebody whose word on a model stands for the repository's: what is checked out is exactly the head of
 * the default branch on GitHub. Throws a `UserError` where it is not, or where there is no token to `purpose`.
 */
export async function withTrust(context: StepContext, purpose: string): Promise<StepContext> {
  const github = needGitHub(context, purpose)
  await needHead(context, github, purpose)
  return { ...context, run: { ...context.run, trusted: true, actor: await loginOf(context, github) } }
}

/** The login in whose name something is written: in a workflow that of whoever started it, else that of the token. */
export async function loginOf(context: StepContext, { octokit }: GitHub): Promise<string> {
  return context.run.actor ?? (await octokit.rest.users.getAuthenticated()).data.login
}

async function needHead({ root, run: { commit } }: StepContext, github: GitHub, purpose: string): Promise<void> {
  const branch = await readDefaultBranch(github)
  const where = `To ${purpose}, the head of ${branch} of ${github.owner}/${github.repo} must be checked out`
  if (commit === undefined) throw new UserError(`${where}, and ${root} holds no commit. Clone the repository first.`)
  const head = (await readRef(github, `refs/heads/${branch}`))?.sha
  if (head !== commit)
    throw new UserError(
      `${where}: that is ${head?.slice(0, 12) ?? 'not there'}, and here is ${commit.slice(0, 12)}. Push or pull first.`,
    )
  const changed = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: root })
  if (changed.stdout !== '')
    throw new UserError(`${where}, and files were changed since (git status). Commit and push them, or git stash them.`)
}
