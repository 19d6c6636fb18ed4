import { listPullRequestsAt } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { type AnsweredRun, needGitHub, type StepContext } from './context.ts'
import { collectRecords } from './records.ts'
import { type Reported, reportOn } from './report.ts'
import { openRunStore } from './run-store.ts'

/** A fork's run says itself how many models there are, and each gets a comment. */
const MOST_MODELS = 20

/**
 * Reports on the run that this one answers (`workflow_run`), for which the token could only read: that for a fork's pull
 * request. Which pull request it is comes from GitHub, not from the run; the records are taken as data, and as claims.
 * Answers with nothing, and says why, where there is nothing to report on: no open pull request has the run's commit as
 * its newest, or no job left a record.
 */
export async function reportOnAnswered(context: StepContext, run: AnsweredRun): Promise<Reported[]> {
  if (run.event !== 'pull_request')
    throw new UserError(
      `This run answers ${run.url}, which ran for ${run.event}, and reports are for pull requests. Let the job ask for it: if: github.event.workflow_run.event == 'pull_request'.`,
    )
  const pullRequest = await findPullRequest(context, run)
  if (typeof pullRequest === 'string') return nothing(pullRequest)
  const { id, url } = run
  const about = { id, url, pullRequest }
  const github = needGitHub(context, 'read the records of another run')
  const models = await collectRecords({
    ...context,
    run: { ...context.run, ...about },
    store: openRunStore(github, id),
  })
  if (models.length === 0) return nothing(`no job of ${url} left a record.`)
  if (models.length > MOST_MODELS)
    throw new UserError(
      `${url} speaks of ${models.length} models; a report on another run is about ${MOST_MODELS} at most. Nothing is posted.`,
    )
  const reports: Reported[] = []
  for (const model of models) reports.push(await reportOn(context, model, about))
  return reports

  function nothing(why: string): [] {
    context.log.info(`Nothing is posted: ${why}`)
    return []
  }
}

/** The pull request that a run was for, or why none is reported on. GitHub names none in the event of a fork's run. */
async function findPullRequest(
  context: StepContext,
  { url, head, branch, headRepository }: AnsweredRun,
): Promise<{ number: number; head: string; fork: boolean } | string> {
  const github = needGitHub(context, 'find the pull request')
  if (headRepository === null || branch === null) return `the repository that ${url} ran for is gone.`
  const pulls = await listPullRequestsAt(github, { headRepository, branch, sha: head })
  const [pull, ...others] = pulls
  const commit = `${head.slice(0, 7)} of ${headRepository}`
  if (!pull) return `no open pull request has ${commit} as its newest commit.`
  if (others.length > 0)
    return `${pulls.map(({ number }) => `#${number}`).join(' and ')} both bring ${commit}, and GitHub does not say which of them ${url} ran for.`
  return { number: pull.number, head: pull.head, fork: pull.fork }
}
