import { type GitHub, GitHubError, listPullRequestsAt, type PullRequest } from '@modelyard/github'
import { renderUnreported } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import { type AnsweredRun, needGitHub, type StepContext } from './context.ts'
import { collectRecords } from './records.ts'
import { type Prepared, postReports, prepareReports, type Reported } from './report.ts'
import { replaceClaims } from './report-pages.ts'
import { openRunStore } from './run-store.ts'

/** A fork's run says itself how many models there are, and they share a comment. */
const MOST_MODELS = 20

/**
 * Reports on the run that this one answers (`workflow_run`), for which the token could only read: that for a fork's pull
 * request. Which pull request it is comes from GitHub, not from the run; the records are taken as data, and as claims.
 * Where there is nothing to report it answers with nothing, and where what the run left cannot be shown it throws; what
 * an earlier run claimed does not go on standing either way.
 */
export async function reportOnAnswered(context: StepContext, run: AnsweredRun): Promise<Reported[]> {
  const github = needGitHub(context, 'report on another run')
  refuseOwn(context, run)
  const pulls = await pullRequestsOf(github, run)
  const [pull, ...others] = pulls
  const commit = `${run.head.slice(0, 7)} of ${run.headRepository ?? 'a repository that is gone'}`
  if (!pull) return nothing(`no open pull request has ${commit} as its newest commit.`)
  if (others.length > 0)
    return nothing(
      `${pulls.map(({ number }) => `#${number}`).join(' and ')} both bring ${commit}, and GitHub does not say which of them ${run.url} ran for.`,
    )
  const about = aboutOf(run, pull)
  let reports: Prepared[]
  try {
    reports = await prepareClaims(context, github, about)
  } catch (error) {
    const shown = asSentence(run, error)
    await unreported(shown.message)
    throw shown
  }
  if (reports.length === 0) return nothing(`no job of ${run.url} left a record.`)
  return postReports(context, reports, about)

  async function nothing(why: string): Promise<[]> {
    context.log.info(`Nothing is posted: ${why}`)
    await unreported(why)
    return []
  }

  async function unreported(why: string): Promise<void> {
    const page = renderUnreported({ commit: run.head, why, runUrl: run.url })
    for (const each of pulls) await replaceClaims(github, page, aboutOf(run, each))
  }
}

/** What is answered are runs for a fork's pull request; those of the repository's own branches report themselves. */
function refuseOwn({ run: { repository } }: StepContext, { event, headRepository, url }: AnsweredRun): void {
  if (event !== 'pull_request')
    throw new UserError(
      `This run answers ${url}, which ran for ${event}, and reports are for pull requests. Let the job ask for it: if: github.event.workflow_run.event == 'pull_request'.`,
    )
  if (headRepository === repository)
    throw new UserError(
      `This run answers ${url}, which ran for a branch of this repository and reports itself. Let the job ask for it: if: github.event.workflow_run.head_repository.full_name != github.repository.`,
    )
}

/** The pull requests that a run may have been for. GitHub names none in the event of a fork's run. */
async function pullRequestsOf(github: GitHub, { head, branch, headRepository }: AnsweredRun): Promise<PullRequest[]> {
  if (headRepository === null || branch === null) return []
  return listPullRequestsAt(github, { headRepository, branch, sha: head })
}

function aboutOf({ id, url }: AnsweredRun, { number, head }: PullRequest) {
  return { id, url, pullRequest: { number, head, fork: true } }
}

/** What the run claims of its models, ready to be posted; nothing where no job left a record. */
async function prepareClaims(
  context: StepContext,
  github: GitHub,
  about: ReturnType<typeof aboutOf>,
): Promise<Prepared[]> {
  const store = openRunStore(github, about.id)
  const models = await collectRecords({ ...context, run: { ...context.run, ...about }, store })
  if (models.length > MOST_MODELS)
    throw new UserError(
      `${about.url} speaks of ${models.length} models; a report on another run is about ${MOST_MODELS} at most.`,
    )
  return prepareReports(context, models, about)
}

/** Whatever a stranger's records make fail: it is theirs to mend, and no failure of ours. */
function asSentence({ url }: AnsweredRun, error: unknown): Error {
  if (error instanceof UserError || error instanceof GitHubError) return error
  return new UserError(
    `What ${url} left cannot be shown: ${error instanceof Error ? error.message : String(error)}. Look at that run.`,
    { cause: error },
  )
}
