import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at, GitHubError, upsertCheck, upsertComment } from '@modelyard/github'
import {
  type Annotation,
  annotationsOf,
  listChangedCommand,
  type ModelRecords,
  type RenderedReport,
  renderJsonSummary,
  renderJUnit,
  renderReport,
  replayCommands,
} from '@modelyard/report'
import { gravest, type Kind, recordDigest, recordsFolder, type Statement, sha256, UserError } from '@modelyard/spec'
import { needGitHub, type RunFacts, repositoryUrl, type StepContext } from './context.ts'
import { beginRecord, collectRecords, loadRecord, openRecords, publishRecord, REPORT_FILES } from './records.ts'

/** A report as it was posted. */
export interface Reported {
  model: string
  record: Statement<'report'>
  title: string
  markdown: string
  /** The report as files, from the repository's root. */
  files: Record<keyof typeof REPORT_FILES, string>
  /** Where the comment is; undefined where there is no pull request or the token may not write. */
  url?: string
}

/**
 * Turns what the run's jobs left into one comment and one check for each model. Runs none of the repository's code:
 * all that it reads are records. A model of the plan that left no record is reported as failed.
 */
export async function report(context: StepContext, options: { models: string[] }): Promise<Reported[]> {
  const collected = await collectRecords(context)
  const models = collected.length > 0 ? collected : options.models
  if (models.length === 0) {
    throw new UserError(
      'There is nothing to report: no job of this run left a record. Let this job need the jobs that run plan, validate-data, train and evaluate.',
    )
  }
  const reports: Reported[] = []
  for (const model of models) reports.push(await reportOn(context, model))
  return reports
}

/** The run that a report is about: the one that reports, or the one that it answers. */
export type ReportedRun = Pick<RunFacts, 'id' | 'url' | 'commit' | 'pullRequest'>

/** The report on one model: rendered, and posted where there is a pull request. */
export async function reportOn(context: StepContext, model: string, run: ReportedRun = context.run): Promise<Reported> {
  const clock = beginRecord(context)
  const records: ModelRecords = { model }
  const validation = await loadRecord(context, 'validation', model)
  const training = await loadRecord(context, 'training', model)
  const gate = await loadRecord(context, 'gate', model)
  const failure = await loadRecord(context, 'failure', model)
  if (validation) records.validation = validation
  if (training) records.training = training
  if (gate) records.gate = gate
  if (failure) records.failure = failure

  const claims = run.pullRequest?.fork ?? false
  const site = repositoryUrl(context)
  const rendered = renderReport(records, {
    claims,
    ...(site ? { repositoryUrl: site } : {}),
    ...(run.pullRequest ? { commit: run.pullRequest.head } : run.commit ? { commit: run.commit } : {}),
    ...(run.url ? { runUrl: run.url } : {}),
    // The commands check out what was judged and run what its model file says: nothing to do for a stranger.
    ...(gate && !claims
      ? {
          replay: replayCommands(gate.predicate, { runId: run.id }),
          listChanged: listChangedCommand(gate.predicate, { runId: run.id }),
        }
      : {}),
  })
  const { title, markdown, verdict, conclusion } = rendered
  const files = await writeReport(context, records, rendered)
  // In the files of the pull request nothing would say whose words they are.
  const annotations = claims ? [] : annotationsOf(records)
  const url = context.github
    ? await postUnlessFork(context, model, run, { title, markdown, conclusion, annotations, claims })
    : undefined
  const record = await clock.finish('report', [{ name: 'report.md', digest: { sha256: sha256(markdown) } }], {
    model,
    verdict: gravest([verdict]),
    reasons: [title],
    records: [validation, training, gate, failure].flatMap((each) =>
      each ? [{ kind: kindOf(each), sha256: recordDigest(each as Statement) }] : [],
    ),
    claims,
    body: sha256(markdown),
  })
  await publishRecord(context, 'report', model, record)
  return { model, record, title, markdown, files, ...(url ? { url } : {}) }
}

/** Writes the report beside the records that it is of; answers with the files, from the repository's root. */
async function writeReport(
  context: StepContext,
  records: ModelRecords,
  rendered: RenderedReport,
): Promise<Reported['files']> {
  const folder = await openRecords(context, records.model)
  await writeFile(join(folder, REPORT_FILES.markdown), rendered.markdown)
  await writeFile(join(folder, REPORT_FILES.junit), renderJUnit(records, rendered))
  await writeFile(join(folder, REPORT_FILES.json), renderJsonSummary(records, rendered))
  const path = (name: string) => `${recordsFolder(records.model)}/${name}`
  return { markdown: path(REPORT_FILES.markdown), junit: path(REPORT_FILES.junit), json: path(REPORT_FILES.json) }
}

interface Page {
  title: string
  markdown: string
  conclusion: 'success' | 'failure'
  annotations: Annotation[]
  /** Whether it shows what a fork's run says of itself. */
  claims: boolean
}

/** Posts the report. A run for a fork's pull request may not write: there the job summary has to do. */
async function postUnlessFork(
  context: StepContext,
  model: string,
  run: ReportedRun,
  page: Page,
): Promise<string | undefined> {
  try {
    return await post(context, model, run, page)
  } catch (error) {
    if (!context.run.pullRequest?.fork || !(error instanceof GitHubError) || error.status !== 403) throw error
    context.log.info(
      `The pull request comes from a fork, so this run may not write: the report on ${model} is in its job summary, and fork-report.yml posts it where the default branch has that workflow.`,
    )
    return undefined
  }
}

async function post(
  context: StepContext,
  model: string,
  run: ReportedRun,
  { title, markdown, conclusion, annotations, claims }: Page,
): Promise<string | undefined> {
  const github = needGitHub(context, 'post the report')
  const sha = run.pullRequest?.head ?? run.commit
  if (sha) {
    await upsertCheck(github, {
      name: `model: ${model}`,
      sha,
      // A claim is no green check.
      conclusion: claims && conclusion === 'success' ? 'neutral' : conclusion,
      title,
      summary: markdown,
      annotations: annotations.map(({ path, line, level, title, message }) => ({
        path,
        start_line: line,
        end_line: line,
        annotation_level: level,
        title,
        message,
      })),
      ...(run.url ? { url: run.url } : {}),
    })
  }
  if (!run.pullRequest) return undefined
  const { data: now } = await github.octokit.rest.pulls.get({ ...at(github), pull_number: run.pullRequest.number })
  if (now.head.sha !== run.pullRequest.head) {
    context.log.info(`The pull request has moved on to ${now.head.sha.slice(0, 7)}: its comment stays as it is.`)
    return undefined
  }
  const { url } = await upsertComment(github, {
    issue: run.pullRequest.number,
    marker: `modelyard:report:${model}`,
    body: markdown,
  })
  return url
}

function kindOf(record: { predicateType: string }): Kind {
  return record.predicateType.split('/').at(-2) as Kind
}
