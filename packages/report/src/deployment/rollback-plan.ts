import type { Tenure } from '@modelyard/spec'
import { type Block, code, link, phrase, strong } from '../document/document.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { timeFormatter } from '../document/numbers.ts'
import { renderText } from '../document/terminal.ts'

/** What a rollback would do. */
export interface RollbackPlan {
  model: string
  stage: string
  /** The version that it goes back from, and the one that it goes back to. */
  replaces: string
  version: string
  /** SHA-256 of the model that it goes back to. */
  digest: string
  title: string
  /** The release of the version that it goes back to. */
  url: string
  /** Other stages that hold what goes into quarantine, and keep it. */
  elsewhere: string[]
}

/** The job summary before a rollback: what goes, what comes back, and what was in the stage when. */
export function renderRollbackPlan(plan: RollbackPlan, tenures: readonly Tenure[]): string {
  const blocks: Block[] = [
    { heading: `⏪ ${plan.title}` },
    {
      table: {
        head: ['', 'version', 'SHA-256'],
        align: ['l', 'l', 'l'],
        rows: [
          ['comes back', link(strong(plan.version), plan.url), code(plan.digest)],
          ['goes into quarantine', plan.replaces, ''],
        ],
      },
    },
    {
      paragraph: phrase`No gate is asked, the digest is checked. Nothing promotes ${plan.replaces} again by itself; a person can take it out of quarantine with ${code(`modelyard quarantine --lift --name ${plan.model} --version ${plan.replaces} --reason "…"`)}.`,
    },
    ...(plan.elsewhere.length === 0
      ? []
      : [
          {
            paragraph: phrase`${plan.replaces} is also in ${plan.elsewhere.join(' and ')}, which keep it: roll them back as well if it is bad there.`,
          },
        ]),
    ...timelineBlocks(plan.stage, tenures),
  ]
  return renderMarkdown(blocks, { budget: 1_000_000, notice: 'Shortened to fit into a job summary.' })
}

/** What was in a stage when, as text for a terminal. */
export function renderTimeline(stage: string, tenures: readonly Tenure[], { color = false } = {}): string {
  return renderText(timelineBlocks(stage, tenures), { color })
}

function timelineBlocks(stage: string, tenures: readonly Tenure[]): Block[] {
  const when = timeFormatter(tenures.map(({ from }) => from))
  return [
    { paragraph: phrase`${strong(`What was in ${stage} when`)}` },
    {
      table: {
        head: ['version', 'from', 'until', 'by', 'tag', 'why'],
        align: ['l', 'l', 'l', 'l', 'l', 'l'],
        rows: tenures.map(({ version, from, until, actor, tag, reason }) => [
          version === null ? 'nothing' : version,
          when(from),
          until === null ? strong('now') : when(until),
          actor,
          code(tag),
          reason,
        ]),
      },
    },
  ]
}
