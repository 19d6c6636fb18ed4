import type { GitHub } from '@modelyard/github'
import type { Cache } from '@modelyard/registry'
import type { Problem } from '@modelyard/spec'
import { UserError } from '@modelyard/spec'

/** Where a step says what it does. A terminal, a workflow log or nothing. */
export interface Log {
  info(message: string): void
  warn(problem: Problem): void
  /** Marks a line of a file with what the record says of it, too; undefined where the record is what people look at. */
  mark?: (problem: Problem) => void
  /** Runs work whose lines belong together. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
}

/** When and where a step runs, as far as that is known. */
export interface RunFacts {
  /** `https://github.com`, unless it is another GitHub. */
  server?: string
  /** `owner/name`. */
  repository?: string
  /** The commit that is checked out. */
  commit?: string
  event?: string
  /** The tag that the run is for, without `refs/tags/`. */
  tag?: string
  actor?: string
  id?: string
  attempt?: number
  url?: string
  /** The branch that the run's commit is to go into: a pull request's, elsewhere the default branch, unless it is on that. */
  base?: string
  /** The pull request that the run is about. */
  pullRequest?: { number: number; head: string; fork: boolean }
  /** The run that this one answers (`workflow_run`). */
  answers?: AnsweredRun
  /** Whether the job runs on a machine of the repository's owner. */
  selfHosted?: boolean
  /** Whether the run works on the repository's own default branch, so that its records can be trusted. */
  trusted?: boolean
}

/** A run whose end started this one, as GitHub describes it: nothing of it is said by the run itself. */
export interface AnsweredRun {
  id: string
  url: string
  /** What started it. */
  event: string
  /** The commit at the head of its branch: for a pull request not the merge that its jobs check out. */
  head: string
  branch: string | null
  /** `owner/name` of the repository that the branch is in; null where that was deleted. */
  headRepository: string | null
}

/** How records and the bytes that they speak of travel between the jobs of a run. */
export interface RecordStore {
  /**
   * Makes files of a folder visible to later jobs of this run, in place of what was published under that name before.
   * They are kept as long as the repository keeps such things, or fewer days.
   */
  publish(name: string, folder: string, files: string[], options?: { keptDays?: number }): Promise<void>
  /** Brings what earlier jobs published into `folder/<name>/`, all of it or what is wanted; answers with the names. */
  collect(folder: string, isWanted?: (name: string) => boolean): Promise<string[]>
}

/** What every step is given besides its inputs. */
export interface StepContext {
  /** The repository's root on this machine. */
  root: string
  log: Log
  run: RunFacts
  store: RecordStore
  /** Undefined where there is no token, or no repository is known. */
  github?: GitHub
  /** What the connection to GitHub lacks, where there is none. */
  lacks?: 'token' | 'repository'
  /** Keeps fetched models by their digest; undefined where none are kept. */
  cache?: Cache | undefined
  /** Asks GitHub for this job's identity token; undefined where the job may not. */
  identityToken?: () => Promise<string>
}

/**
 * Refuses to run a fork's code on a machine of the repository's owner: what it leaves there, the next job finds.
 * GitHub's own machines are thrown away after each job.
 */
export function refuseForeignCode({ run }: StepContext): void {
  if (!run.pullRequest?.fork || !run.selfHosted) return
  throw new UserError(
    "This pull request comes from a fork and this runner is self-hosted: a stranger's code is not run here. Let runs-on be ubuntu-latest for forks, or push the branch to this repository after reading it.",
  )
}

/** Refuses what only the default branch may say: which stages there are, whom they ask, and what serves them. */
export function needDefaultBranch({ run }: StepContext): void {
  if (run.trusted) return
  throw new UserError(
    `Stages are moved as the default branch says, and this is ${run.event ? `a run for ${run.event} elsewhere` : 'not its head'}: what another branch says of environments and targets was not reviewed. Start the workflow on the default branch.`,
  )
}

/**
 * Whether the registry keeps its logs as branches, as a host needs that takes no other refs: `MODELYARD_LOGS`, `refs`
 * unless it is `branches`.
 */
export function keepsLogsAsBranches({ MODELYARD_LOGS: logs = 'refs' }: Record<string, string | undefined>): boolean {
  if (logs === 'refs' || logs === 'branches') return logs === 'branches'
  throw new UserError(`MODELYARD_LOGS is ${JSON.stringify(logs)}; it must be "refs" or "branches".`)
}

/** The connection to GitHub, or a sentence that says what it is needed for. */
export function needGitHub(context: StepContext, purpose: string, otherwise = ''): GitHub {
  if (context.github) return context.github
  if (context.lacks === 'repository')
    throw new UserError(
      `A repository on GitHub is needed to ${purpose}, and none is known: GITHUB_REPOSITORY is not set, and this folder has no remote "origin". Set GITHUB_REPOSITORY to owner/name. ${otherwise}`.trimEnd(),
    )
  throw new UserError(
    `A GitHub token is needed to ${purpose}, and there is none. In a workflow the input "token" has it; on a laptop set GITHUB_TOKEN and GITHUB_REPOSITORY. ${otherwise}`.trimEnd(),
  )
}

/** Where people look at the repository; undefined where it is none of GitHub's. */
export function repositoryUrl({ run }: StepContext): string | undefined {
  return run.repository && `${run.server ?? 'https://github.com'}/${run.repository}`
}
