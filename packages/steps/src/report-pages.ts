import {
  at,
  type Check,
  changeCheck,
  changeComment,
  type GitHub,
  GitHubError,
  upsertCheck,
  upsertComment,
} from '@modelyard/github'
import { annotationsOf, type Page, renderClaims } from '@modelyard/report'
import type { StepContext } from './context.ts'
import type { Prepared, ReportedRun } from './report.ts'

/** The one comment of a pull request that holds what its fork claims, and the one check: under names that no model has. */
const CLAIMS = { marker: 'modelyard:claims', check: 'models (claims)' }

/**
 * Posts reports as comments and checks: one of each for every model, one of each for all that a fork claims. Answers with
 * the address of each model's comment, where there is one.
 */
export async function postPages(
  context: StepContext,
  reports: readonly Prepared[],
  run: ReportedRun,
): Promise<Map<string, string>> {
  const { github } = context
  if (!github) return new Map()
  const post = run.pullRequest?.fork ? postClaims : postEach
  return (await allowed(context, () => post(context, github, reports, run))) ?? new Map()
}

/** A run for a fork's pull request may not write: there the job summary has to do. */
async function allowed<T>(context: StepContext, post: () => Promise<T>): Promise<T | undefined> {
  try {
    return await post()
  } catch (error) {
    if (!context.run.pullRequest?.fork || !(error instanceof GitHubError) || error.status !== 403) throw error
    context.log.info(
      'The pull request comes from a fork, so this run may not write: the report is in its job summary, and fork-report.yml posts it where the default branch has that workflow.',
    )
    return undefined
  }
}

async function postEach(
  context: StepContext,
  github: GitHub,
  reports: readonly Prepared[],
  run: ReportedRun,
): Promise<Map<string, string>> {
  const urls = new Map<string, string>()
  for (const { reported, rendered, records } of reports) {
    const { model } = reported
    const url = await postComment(context, github, run, {
      marker: `modelyard:report:${model}`,
      body: rendered.markdown,
    })
    if (url !== undefined) urls.set(model, url)
    const annotations = annotationsOf(records).map(({ path, line, level, title, message }) => ({
      ...{ path, start_line: line, end_line: line, annotation_level: level, title, message },
    }))
    const { conclusion } = rendered
    const sha = run.pullRequest?.head ?? run.commit
    if (sha !== undefined)
      await upsertCheck(github, { ...checkOf(rendered, run, sha), name: `model: ${model}`, conclusion, annotations })
  }
  return urls
}

/**
 * In the files of the pull request nothing would say whose words they are, so that claims mark no lines; and their check
 * has a name of its own, or they would take the place of what a run of the repository found on the same commit.
 */
async function postClaims(
  context: StepContext,
  github: GitHub,
  reports: readonly Prepared[],
  run: ReportedRun,
): Promise<Map<string, string>> {
  const page = renderClaims(reports.map(({ rendered }) => rendered))
  const url = await postComment(context, github, run, { marker: CLAIMS.marker, body: page.markdown })
  await upsertCheck(github, claimsCheck(page, run))
  return new Map(url === undefined ? [] : reports.map(({ reported }) => [reported.model, url]))
}

/** Lets a page take the place of what a fork claimed before, in its comment and its check; where nothing is, nothing comes. */
export async function replaceClaims(
  github: GitHub,
  page: Page,
  run: ReportedRun & { pullRequest: NonNullable<ReportedRun['pullRequest']> },
): Promise<void> {
  await changeComment(github, { issue: run.pullRequest.number, marker: CLAIMS.marker, body: page.markdown })
  await changeCheck(github, claimsCheck(page, run))
}

function claimsCheck(page: Page, run: ReportedRun): Check {
  // A claim is no green check.
  const conclusion = page.conclusion === 'success' ? 'neutral' : page.conclusion
  return { ...checkOf(page, run, run.pullRequest!.head), name: CLAIMS.check, conclusion }
}

function checkOf({ title, markdown }: Omit<Page, 'conclusion'>, { url }: ReportedRun, sha: string) {
  return { sha, title, summary: markdown, ...(url === undefined ? {} : { url }) }
}

async function postComment(
  context: StepContext,
  github: GitHub,
  { pullRequest }: ReportedRun,
  comment: { marker: string; body: string },
): Promise<string | undefined> {
  if (!pullRequest) return undefined
  const { number, head } = pullRequest
  const { data: now } = await github.octokit.rest.pulls.get({ ...at(github), pull_number: number })
  if (now.head.sha !== head) {
    context.log.info(`The pull request has moved on to ${now.head.sha.slice(0, 7)}: its comment stays as it is.`)
    return undefined
  }
  return (await upsertComment(github, { issue: number, ...comment })).url
}
