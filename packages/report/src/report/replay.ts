import type { Verdict } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase } from '../document/document.ts'
import { renderText } from '../document/terminal.ts'

/** What came of making a record again from the files that it names. */
export interface Replay {
  kind: string
  model: string
  /** Whether all that the record found came out again; the engine's versions may be others. */
  same: boolean
  digest: { recorded: string; replayed: string }
  verdict: { recorded: Verdict; replayed: Verdict }
  differences: Difference[]
  /** What a reader must know to trust the answer: what was taken as given, what is another than then. */
  notes: string[]
}

/** One value that is another than in the record, each written as JSON. */
export interface Difference {
  what: string
  recorded: string
  replayed: string
}

const MOST_DIFFERENCES = 20

/** What `modelyard replay` prints: whether it is the same, both digests, and every number that is not. */
export function renderReplay(replay: Replay, { color }: { color: boolean }): string {
  const { kind, model, same, digest, verdict, differences, notes } = replay
  const of = phrase`the ${kind} record of ${code(model)}`
  const first: Phrase = same
    ? phrase`✅ The same: ${of} says ${verdict.recorded}, and so do the files`
    : verdict.recorded === verdict.replayed
      ? phrase`❌ Not the same: ${of} says ${verdict.recorded}, and so do the files, but with other numbers`
      : phrase`❌ Not the same: ${of} says ${verdict.recorded}, the files say ${verdict.replayed}`
  const rest = differences.length - MOST_DIFFERENCES
  const blocks: Block[] = [
    { heading: first },
    {
      list: [
        phrase`Digest of the record: ${code(digest.recorded)}`,
        phrase`Digest of the replay: ${code(digest.replayed)}`,
      ],
    },
    ...(differences.length > 0 ? [differenceTable(differences.slice(0, MOST_DIFFERENCES))] : []),
    ...(rest > 0 ? [{ paragraph: `And ${rest} more.` }] : []),
    ...notes.map((note) => ({ paragraph: note })),
  ]
  return renderText(blocks, { color })
}

function differenceTable(differences: readonly Difference[]): Block {
  return {
    table: {
      head: ['what', 'in the record', 'from the files'],
      align: ['l', 'l', 'l'],
      rows: differences.map(({ what, recorded, replayed }) => [what, recorded, replayed]),
    },
  }
}
