import { lets, type Predicate, recordDigest, type Statement } from '@modelyard/spec'
import { type Block, code, join, link, type Phrase, phrase, strong } from '../document/document.ts'
import { oneLine } from '../document/escape.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { gateHeadline } from '../gate/headline.ts'
import { hintBlocks, lookedAt } from './drift.ts'
import { columnTables, day, measureDetails, pictures, shortly } from './drift-table.ts'

export interface RetrainContext {
  /** The gate's record, where the pull request comes trained. */
  candidate?: Statement<'gate'>
  /** Whether the pull request comes trained, or merging starts the training. */
  retrain: 'auto' | 'ask'
  /** The run of the check. */
  runUrl?: string
}

/** GitHub takes 65,536 characters for the text of a pull request. */
const BUDGET = 60_000

/** Columns that the first sentence names. */
const NAMED = 3

/** Title and text of the retrain pull request: what moved and since when, whether a candidate is there, what merging does. */
export function renderRetrainPullRequest(
  drift: Statement<'drift'>,
  context: RetrainContext,
): { title: string; markdown: string } {
  const { predicate } = drift
  const { model, champion, columns } = predicate
  const moved = `production data moved away from what ${champion.version} learned`
  const run = context.runUrl ?? predicate.run.url
  const blocks: Block[] = [
    { heading: phrase`📉 Retrain ${code(model)}: ${moved}` },
    { paragraph: whatMoved(predicate) },
    ...columnTables(columns),
    ...hintBlocks(predicate),
    { paragraph: whatNext(context) },
    ...pictures(columns, champion.version),
    ...measureDetails(predicate),
    {
      small: phrase`Each check brings this up to date, and it closes by itself when production is again like the training data. ${run === undefined ? '' : phrase`${link('The check', run)} · `}Record: drift, ${code(recordDigest(drift))}`,
    },
  ]
  const notice = phrase`Shortened to fit into a pull request. The drift record holds all of it.`
  return {
    title: oneLine(`Retrain \`${model}\`: ${moved}`, 250),
    markdown: renderMarkdown(blocks, { budget: BUDGET, notice }),
  }
}

/** The comment with which the pull request is closed. */
export function renderDriftCleared(drift: Statement<'drift'>): string {
  const { predicate } = drift
  const { champion, run, verdict } = predicate
  const now = verdict === 'pass' ? 'is again like' : 'is no longer far from'
  const what = phrase`✅ Production ${now} what ${champion.version} learned: ${lookedAt(predicate)} ${link('The check', run.url)} closes this pull request; the next alarm opens a new one.`
  return renderMarkdown([{ paragraph: what }], { budget: BUDGET, notice: 'Shortened.' })
}

/** Since when, and which columns, the gravest first. */
function whatMoved(drift: Predicate<'drift'>): Phrase {
  const moved = drift.columns.filter(({ verdict }) => verdict === 'fail')
  if (moved.length === 0) return lookedAt(drift)
  const starts = moved.flatMap(({ since }) => since ?? []).sort()
  const named = moved.slice(0, NAMED).map(({ name, reason, measures: [first] }): Phrase => {
    return first ? phrase`${code(name)} (${shortly(first)})` : phrase`${code(name)} (${reason})`
  })
  const more = moved.length > NAMED ? ` and ${moved.length - NAMED} more` : ''
  const since = starts[0] === undefined ? 'Moved' : `Since ${day(starts[0])}`
  return phrase`${strong(phrase`${since}: ${join(named, ', ')}${more}.`)} ${lookedAt(drift)}`
}

function whatNext({ candidate, retrain }: RetrainContext): Phrase {
  const merging = strong('Merging this pull request')
  if (retrain === 'ask') {
    return phrase`Nothing is trained yet. ${merging} starts the training; the gate decides about the candidate as always.`
  }
  if (!candidate) {
    return phrase`${strong('No candidate could be trained')}; the report in a comment says why. ${merging} tries again on the default branch; nothing becomes a version that the gate does not let.`
  }
  const { verdict, first } = gateHeadline(candidate.predicate)
  const then = lets(verdict)
    ? phrase`${merging} makes it the next version`
    : 'The gate does not let it become the next version'
  return phrase`${strong('A candidate is already trained')}, and its report is in a comment: ${first}. ${then}; the gate has decided as always.`
}
