import { type Lineage, type PastEvent, QUARANTINE, type Reference } from '@modelyard/spec'
import { code, type Phrase, phrase } from '../document/document.ts'
import { countOf, formatMinute, shortDigest, timeFormatter } from '../document/numbers.ts'
import { renderText } from '../document/terminal.ts'
import { EMPTY, shortVersion } from './registry.ts'

type Style = { color?: boolean }

/** What happened, newest first; the model is left out where all is of one. */
export function renderEvents(events: readonly PastEvent[], { color = false }: Style = {}): string {
  if (events.length === 0) return EMPTY
  const when = timeFormatter(events.map(({ time }) => time))
  const several = new Set(events.map(({ model }) => model)).size > 1
  return renderText(
    [
      {
        table: {
          head: ['when, UTC', ...(several ? ['model'] : []), 'what', 'by', 'why'],
          align: ['l', 'l', 'l', 'l', ...(several ? ['l' as const] : [])],
          rows: events.map((event) => [
            when(event.time),
            ...(several ? [code(event.model)] : []),
            happened(event),
            event.actor,
            event.reason,
          ]),
        },
      },
    ],
    { color },
  )
}

/** What a tag announced, fact by fact. */
export function renderReference(reference: Reference, { color = false }: Style = {}): string {
  const { tag, model, time, actor, commit, reason, type, path, description, labels } = reference
  const facts: Array<[string, Phrase | null]> = [
    ['Why', reason],
    ['Commit', code(commit)],
    ['Type', type],
    ['Path', path],
    ['Description', description],
    ['Labels', labels.join(', ')],
  ]
  return renderText(
    [
      { heading: phrase`${code(tag)}: ${code(model)} ${happened(reference)}` },
      { paragraph: `On ${formatMinute(time)} UTC, by ${actor}.` },
      { list: facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [phrase`${name}: ${value}`])) },
    ],
    { color },
  )
}

/** Which versions were made of certain data. */
export function renderLineage({ digest, versions, unknown }: Lineage, { color = false }: Style = {}): string {
  const roles = { train: 'trained on it', holdout: 'judged on it' }
  const known = new Set(versions.map(({ tag }) => tag)).size
  return renderText(
    [
      {
        heading: phrase`${known === 0 ? 'No version was' : known === 1 ? 'One version was' : `${known} versions were`} made with data ${code(shortDigest(digest))}`,
      },
      ...(versions.length === 0
        ? []
        : [
            {
              table: {
                head: ['model', 'version', 'registered', 'how', 'dataset', 'file'],
                align: ['l', 'l', 'l', 'l', 'l', 'l'] as const,
                rows: versions.map(({ model, version, time, role, data, file }) => [
                  code(model),
                  version,
                  formatMinute(time),
                  roles[role],
                  code(shortDigest(data)),
                  file === null ? 'all of it' : code(file),
                ]),
              },
            },
          ]),
      ...(unknown.length === 0
        ? []
        : [
            {
              note: `Of ${countOf(unknown.length, 'version')} nothing is known: another tool registered ${unknown.length === 1 ? 'it' : 'them'} (${unknown.slice(0, 3).join(', ')}${unknown.length > 3 ? ', …' : ''}).`,
            },
          ]),
    ],
    { color },
  )
}

function happened({ kind, version, stage }: PastEvent): string {
  const what = version === null ? 'the model' : shortVersion(version)
  if (stage === QUARANTINE) return kind === 'assignment' ? `${what} into quarantine` : `${what} out of quarantine`
  switch (kind) {
    case 'registration':
      return `${what} registered`
    case 'deregistration':
    case 'deprecation':
      return `${what} deprecated`
    case 'assignment':
      return `${what} into ${stage}`
    case 'unassignment':
      return `${what} out of ${stage}`
    case 'creation':
      return 'announces nothing'
  }
}
