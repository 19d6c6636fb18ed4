import { lets, type Predicate, type Statement, type Verdict } from '@modelyard/spec'
import { type Block, capital, code, join, link, type Phrase, phrase, plain } from '../document/document.ts'
import { oneLine } from '../document/escape.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { countOf, formatDuration, shortDigest } from '../document/numbers.ts'
import { evidenceDetails } from '../gate/ahead.ts'
import { behaviourCount } from '../gate/behaviour.ts'
import { gateDetails } from '../gate/gate-details.ts'
import { gateNotes } from '../gate/gate-notes.ts'
import { gateTable } from '../gate/gate-table.ts'
import { gateCount } from '../gate/headline.ts'
import { changeDetails, gateChangeDetails } from './data-changes.ts'
import { type Decision, decide } from './decision.ts'
import { checkCount, dataDetails, failedChecks, lineageDetails, warnings } from './details.ts'

/** What the steps left about one model; a step that did not get that far left nothing. */
export interface ModelRecords {
  model: string
  validation?: Statement<'validation'>
  training?: Statement<'training'>
  gate?: Statement<'gate'>
  /** What a step left that could not do its work. */
  failure?: Statement<'failure'>
}

/** What the records do not know. All of it may be left out. */
export interface ReportContext {
  commit?: string
  runUrl?: string
  /** `https://github.com/owner/name`: commits are linked there. */
  repositoryUrl?: string
  /** Whether the records come from a fork's run: then they are its claims, and the report says so. */
  claims?: boolean
  /** Bytes that the report may have, where that is less than a comment takes: several share one. */
  budget?: number
  /** The commands that give the same verdict on a laptop; the last is the replay, those before it bring its files. */
  replay?: readonly string[]
  /** The command that lists the rows that changed sides. */
  listChanged?: string
  /** Whether the job that makes the records ended red. */
  jobFailed?: boolean
  modelFile?: string
}

export interface RenderedReport {
  /** The first line as plain text: the check's title. */
  title: string
  /** Markdown of at most `REPORT_BUDGET` bytes, or of as many as were allowed. */
  markdown: string
  verdict: Verdict
  conclusion: 'success' | 'failure'
  /** Whether it shows what a fork's run says of itself. */
  claims: boolean
}

/** Bytes of a report: GitHub takes 65,536 characters of a comment, and callers put a marker before it. */
export const REPORT_BUDGET = 60_000
const LONGEST_TITLE = 250

/** The report on one model: a comment that is read in ten seconds. What is missing is never a pass. */
export function renderReport(records: ModelRecords, context: ReportContext = {}): RenderedReport {
  const decision = decide(records, context)
  // Said first, so that no long name can push it out of the check's title.
  const first = context.claims ? phrase`A fork's claim: ${decision.first}` : decision.first
  const blocks: Block[] = [{ heading: first }, ...body(records, decision, context)]
  return {
    title: oneLine(plain(first), LONGEST_TITLE),
    markdown: renderMarkdown(blocks, {
      budget: Math.min(context.budget ?? REPORT_BUDGET, REPORT_BUDGET),
      notice: phrase`Shortened to fit into a comment. The records of ${link('the run', context.runUrl)} hold all of it.`,
    }),
    verdict: decision.verdict,
    conclusion: lets(decision.verdict) ? 'success' : 'failure',
    claims: context.claims ?? false,
  }
}

function body(
  records: ModelRecords,
  { story, verdict, judged, output = [] }: Decision,
  context: ReportContext,
): Block[] {
  const validation = records.validation?.predicate
  const training = records.training?.predicate
  const gate = judged ? records.gate?.predicate : undefined
  const broken = validation !== undefined && !lets(validation.verdict)
  const facts = [
    ...(gate && !(gate.champion === null && lets(verdict)) ? [gateCount(gate.gates)] : []),
    ...(gate?.behaviour ? [`behaviour: ${behaviourCount(gate.behaviour)}`] : []),
    ...(validation && !broken ? [dataFact(validation)] : []),
    ...(training ? [trainingFact(training)] : []),
    ...(context.commit === undefined ? [] : [commitFact(context.commit, context.repositoryUrl)]),
    ...(context.runUrl === undefined ? [] : [link('the run', context.runUrl)]),
  ]
  const opening = [...(story === undefined ? [] : [story]), capital(join(facts, ' · '))].filter(
    (part) => plain(part) !== '',
  )
  return [
    ...(context.claims ? [CLAIMS] : []),
    ...(opening.length > 0 ? [{ paragraph: join(opening, ' ') }] : []),
    ...(output.length > 0 ? [{ listing: output.join('\n'), language: 'text' }] : []),
    ...warnings([validation, training, gate]),
    ...(broken ? failedChecks(validation.checks) : []),
    ...(gate ? [...gateTable(gate), ...rowsFact(gate), ...gateNotes(gate), ...gateDetails(gate, context)] : []),
    ...(validation ? evidenceDetails(validation, { open: gate === undefined && !broken }) : []),
    ...(validation ? changeDetails(validation) : []),
    ...(gate ? gateChangeDetails(gate) : []),
    ...(validation ? dataDetails(validation, { shown: broken }) : []),
    ...lineageDetails({ training, gate }, context),
  ]
}

const CLAIMS: Block = {
  note: 'This pull request comes from a fork: these numbers are claims of its own run. On merge the model is trained and judged again here, before anything is registered.',
}

function dataFact(validation: Predicate<'validation'>): Phrase {
  const asked = validation.contract === null ? 'their checks, without a contract' : 'the contract'
  return validation.verdict === 'pass'
    ? `the data pass ${asked}`
    : `the data pass ${asked}, with warnings (${checkCount(validation)})`
}

function trainingFact({ run }: Predicate<'training'>): string {
  if (run.reused !== undefined) return 'trained in an earlier run, the same bytes'
  return `trained in ${formatDuration(Date.parse(run.finished) - Date.parse(run.started))}`
}

function commitFact(commit: string, repositoryUrl: string | undefined): Phrase {
  const url = repositoryUrl === undefined ? undefined : `${repositoryUrl}/commit/${encodeURIComponent(commit)}`
  return phrase`commit ${link(code(shortDigest(commit, 7)), url)}`
}

function rowsFact({ holdout }: Predicate<'gate'>): Block[] {
  const groups = holdout.groups === null ? '' : ` in ${countOf(holdout.groups, 'group')}`
  return [{ paragraph: `Judged on ${countOf(holdout.rows, 'hold-out row')}${groups}.` }]
}
