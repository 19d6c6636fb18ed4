import { type Change, metricFacts, type VersionDifference } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase } from '../document/document.ts'
import { formatBytes, shortDigest } from '../document/numbers.ts'
import { renderText } from '../document/terminal.ts'
import { formatEstimate, scaleOf } from '../gate/metrics.ts'

/** Rows of one part that are shown: all of them are in the JSON. */
const MOST_ROWS = 12
const NONE = '—'

/** What differs between two versions: what it means, the metrics side by side, then each thing that changed. */
export function renderDifference(found: VersionDifference, { color = false }: { color?: boolean } = {}): string {
  const { model, from, to, bump, metrics, signature, data, code: codes, assets, digests, about } = found
  const all: Array<[string, Phrase[][]]> = [
    ['signature', rows(signature, ({ type, shape }) => `${type} ${shape.join(' × ')}`.trim())],
    ['data', rows(data, file)],
    ['code', rows(codes, file)],
    // The assets of two versions are never the same: the digests say of which.
    [
      'assets',
      rows(
        assets.filter(({ from, to }) => from === null || to === null),
        file,
      ),
    ],
    ['digests', rows(digests, (digest) => code(shortDigest(digest)))],
    ['about it', rows(about, (text) => (/^[0-9a-f]{40}$/.test(text) ? code(shortDigest(text)) : text))],
  ]
  const parts = all.filter(([, list]) => list.length > 0)
  return renderText(
    [
      { heading: phrase`${code(model)}: from ${from} to ${to} is a ${bump} step` },
      { paragraph: changed(found) },
      ...(metrics.length === 0 ? [] : [metricTable(found)]),
      ...(metrics.length === 0 || isPaired(found)
        ? []
        : [{ paragraph: 'The two were not compared on the same rows: their metrics stand side by side.' }]),
      ...(parts.length === 0
        ? []
        : [
            {
              table: {
                head: ['what', 'which', from, to],
                align: ['l', 'l', 'l', 'l'] as const,
                rows: parts.flatMap(([part, list]) => labelled(part, list)),
              },
            },
          ]),
    ],
    { color },
  )
}

/** The three things that tell versions apart by the rule of the next version. */
function changed({ signature, data, code, digests }: VersionDifference): string {
  const isData = ({ name }: { name: string }) => name === 'training data' || name === 'hold-out'
  const things = [
    { name: 'signature', differs: signature.length > 0 },
    { name: 'data', differs: data.length > 0 || digests.some(isData) },
    { name: 'code', differs: code.length > 0 },
  ]
  const list = (which: boolean) => things.filter(({ differs }) => differs === which).map(({ name }) => name)
  const [others, same] = [list(true), list(false)]
  return [
    others.length > 0 ? `Changed: ${others.join(', ')}.` : 'Nothing that the next version goes by has changed.',
    same.length > 0 && others.length > 0 ? `The same: ${same.join(', ')}.` : '',
  ]
    .join(' ')
    .trim()
}

function isPaired({ metrics }: Pick<VersionDifference, 'metrics'>): boolean {
  return metrics.some(({ difference }) => difference !== null)
}

function metricTable({ metrics, from, to }: VersionDifference): Block {
  const paired = isPaired({ metrics })
  return {
    table: {
      head: ['metric', from, to, ...(paired ? ['difference'] : [])],
      align: ['l', 'r', 'r', ...(paired ? (['r'] as const) : [])],
      rows: metrics.map(({ name, from: before, to: after, difference }) => {
        const some = after ?? before!
        const scale = scaleOf(name, { candidate: some, champion: before, difference }, [])
        return [
          metricFacts(name).label,
          before ? formatEstimate(before, scale) : NONE,
          after ? formatEstimate(after, scale) : NONE,
          ...(paired ? [difference ? formatEstimate(difference, scale, { sign: true }) : NONE] : []),
        ]
      }),
    },
  }
}

function rows<T>(changes: ReadonlyArray<Change<T>>, write: (value: T) => Phrase): Phrase[][] {
  return changes.map(({ name, from, to }) => [
    code(name),
    from === null ? NONE : write(from),
    to === null ? NONE : write(to),
  ])
}

/** The name of the part stands at its first row. */
function labelled(part: string, list: Phrase[][]): Phrase[][] {
  const shown = list.slice(0, MOST_ROWS).map((row, index) => [index === 0 ? part : '', ...row])
  const rest = list.length - MOST_ROWS
  return rest > 0 ? [...shown, ['', `and ${rest} more`]] : shown
}

function file({ sha256, bytes }: { sha256: string; bytes: number }): Phrase {
  return phrase`${code(shortDigest(sha256))} (${formatBytes(bytes)})`
}
