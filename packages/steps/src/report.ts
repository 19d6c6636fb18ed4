import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  listChangedCommand,
  type ModelRecords,
  REPORT_BUDGET,
  type RenderedReport,
  renderJsonSummary,
  renderJUnit,
  renderReport,
  replayCommands,
} from '@modelyard/report'
import {
  gravest,
  parsePredicateType,
  recordDigest,
  recordsFolder,
  type Statement,
  sha256,
  UserError,
} from '@modelyard/spec'
import { type RunFacts, repositoryUrl, type StepContext } from './context.ts'
import { beginRecord, collectRecords, loadRecord, openRecords, publishRecord, REPORT_FILES } from './records.ts'
import { postPages } from './report-pages.ts'

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

/** The run that a report is about: the one that reports, or the one that it answers. */
export type ReportedRun = Pick<RunFacts, 'id' | 'url' | 'commit' | 'pullRequest'>

/** Bytes of a job's summary, of which GitHub takes 1 MiB: all reports share them. */
const SUMMARY_BUDGET = 1_000_000

/**
 * Turns what the run's jobs left into one comment and one check for each model, or for all that a fork claims. Runs none
 * of the repository's code: all that it reads are records. A model of the plan that left no record is reported as failed.
 */
export async function report(context: StepContext, options: { models: string[] }): Promise<Reported[]> {
  const collected = await collectRecords(context)
  const models = collected.length > 0 ? collected : options.models
  if (models.length === 0) {
    throw new UserError(
      'There is nothing to report: no job of this run left a record. Let this job need the jobs that run plan, validate-data, train and evaluate.',
    )
  }
  return reportOn(context, models)
}

/** A report that is rendered and not posted yet. */
export interface Prepared {
  reported: Reported
  rendered: RenderedReport
  records: ModelRecords
}

/** The reports on some models, posted where there is a pull request. */
export async function reportOn(
  context: StepContext,
  models: readonly string[],
  run: ReportedRun = context.run,
): Promise<Reported[]> {
  return postReports(context, await prepareReports(context, models, run), run)
}

/** Renders the reports on some models and leaves them as files: all, before any is posted. */
export async function prepareReports(
  context: StepContext,
  models: readonly string[],
  run: ReportedRun,
): Promise<Prepared[]> {
  const total = run.pullRequest?.fork ? REPORT_BUDGET : SUMMARY_BUDGET
  const budget = Math.floor(total / models.length) - '\n\n'.length
  const reports: Prepared[] = []
  for (const model of models) reports.push(await prepare(context, model, { run, budget }))
  return reports
}

async function prepare(
  context: StepContext,
  model: string,
  about: { run: ReportedRun; budget: number },
): Promise<Prepared> {
  const clock = beginRecord(context)
  const records = await loadRecords(context, model)
  const rendered = render(context, records, about)
  const files = await writeReport(context, records, rendered)
  const { title, markdown, verdict, claims } = rendered
  const shown = [records.validation, records.training, records.gate, records.failure].filter(
    (each) => each !== undefined,
  )
  const record = await clock.finish('report', [{ name: 'report.md', digest: { sha256: sha256(markdown) } }], {
    model,
    verdict: gravest([verdict]),
    reasons: [title],
    records: shown.map((each) => ({
      kind: parsePredicateType(each.predicateType)!.kind,
      sha256: recordDigest(each as Statement),
    })),
    claims,
    body: sha256(markdown),
  })
  return { reported: { model, record, title, markdown, files }, rendered, records }
}

/** Posts reports, and publishes each with its record. */
export async function postReports(
  context: StepContext,
  reports: readonly Prepared[],
  run: ReportedRun,
): Promise<Reported[]> {
  const urls = await postPages(context, reports, run)
  for (const { reported } of reports) await publishRecord(context, 'report', reported.model, reported.record)
  return reports.map(({ reported }) => {
    const url = urls.get(reported.model)
    return { ...reported, ...(url === undefined ? {} : { url }) }
  })
}

async function loadRecords(context: StepContext, model: string): Promise<ModelRecords> {
  const validation = await loadRecord(context, 'validation', model)
  const training = await loadRecord(context, 'training', model)
  const gate = await loadRecord(context, 'gate', model)
  const failure = await loadRecord(context, 'failure', model)
  return {
    model,
    ...(validation ? { validation } : {}),
    ...(training ? { training } : {}),
    ...(gate ? { gate } : {}),
    ...(failure ? { failure } : {}),
  }
}

function render(
  context: StepContext,
  records: ModelRecords,
  { run, budget }: { run: ReportedRun; budget: number },
): RenderedReport {
  const { gate } = records
  const claims = run.pullRequest?.fork ?? false
  const site = repositoryUrl(context)
  return renderReport(records, {
    claims,
    budget,
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
