import { escapeMarkdown } from '@modelyard/report'
import { type Change, type Gravity, gravityOf } from './version.ts'

const TITLES: Record<Gravity, string> = {
  breaking: 'What you have to change',
  new: 'New',
  mended: 'Mended',
  other: 'Other changes',
}

/** The text of a release's page in markdown: one line for each change since the release before, gravest first. Pure. */
export function releaseNotes(
  changes: Change[],
  { version, actions, previous }: { version: string; actions: string; previous: string | undefined },
): string {
  const groups = (Object.keys(TITLES) as Gravity[]).flatMap((gravity) => {
    const lines = changes.filter((change) => gravityOf(change) === gravity).map(line)
    return lines.length > 0 ? [`### ${TITLES[gravity]}\n\n${lines.join('\n')}`] : []
  })
  const since = previous ? `Changes since ${previous}.` : 'The first release.'
  const pin = `\`uses: modelyard/modelyard/actions/<action>@${actions} # ${version}\``
  return `${[since, ...groups, `To pin an action to this release: ${pin}`].join('\n\n')}\n`
}

/** The subject without the type that Conventional Commits put before it; it is shown as it is, and notifies nobody. */
function line({ subject, sha }: Change): string {
  const text = escapeMarkdown(subject.replace(/^\w+(?:\([^)]*\))?!?:\s*/, ''))
  return `- ${text} (${sha.slice(0, 7)})`
}
