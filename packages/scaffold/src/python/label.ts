import { constantsOf, statementAt, textOf, WORD } from './code.ts'

/** How code turns a label's values into what it fits. */
export type Coding =
  /** Numbers, in the order of the values. */
  | { kind: 'sorted' }
  /** 0, 1, … for these values. */
  | { kind: 'listed'; values: string[] }
  /** 1 for this value, 0 for all others. */
  | { kind: 'is'; value: string }
  /** Something else, which no column holds. */
  | { kind: 'computed'; code: string }

export interface LabelClues {
  /** Columns that the code takes for the truth, the likeliest first. */
  labels: string[]
  /** By column, where the code does not take the values as they are. */
  codings: ReadonlyMap<string, Coding>
  /** Columns that it takes for the truth all at once. */
  several: string[]
}

const NAME = '(?:y|Y|labels?|targets?)'

/** `y = frame["late"]`, `drop(columns=["late"])`, `pop("late")`, `LABEL = "late"`. */
export function labelsOf(text: string): LabelClues {
  const constants = constantsOf(text)
  const words = (pattern: string) =>
    [...text.matchAll(new RegExp(pattern, 'gm'))].map((match) => textOf(match[1]!, constants))
  const codings = codingsOf(text, constants)
  const found = [
    ...codings.taken,
    ...words(`^[ \\t]*\\w*,\\s*(?:y\\w*|labels?|targets?)\\s*=.*,\\s*[\\w.]+\\[\\s*${WORD}\\s*\\]`),
    ...[...text.matchAll(new RegExp(`^[ \\t]*${NAME}\\s*=\\s*\\w+\\.(\\w+)\\s*$`, 'gm'))].map(([, name]) => name),
    ...words(`\\.pop\\(\\s*${WORD}`),
    ...words(
      `\\.drop\\(\\s*(?:columns\\s*=\\s*)?\\[?\\s*${WORD}\\s*\\]?\\s*(?:,\\s*axis\\s*=\\s*(?:1|["']columns["']))?\\s*\\)`,
    ),
    ...words(`\\.fit\\([^\\n]*?,\\s*[\\w.]+\\[\\s*${WORD}\\s*\\]`),
    ...[...constants]
      .filter(([name]) => /^(?:LABEL|TARGET|Y)(?:_COL(?:UMN)?|_NAME)?$/i.test(name))
      .map(([, value]) => value),
  ]
  const labels = [...new Set(found.filter((each) => each !== undefined && each !== ''))] as string[]
  return { labels, codings: codings.found, several: severalOf(text, constants) }
}

/** `Y = frame[["rain", "wind"]]`, `fit(X, frame[["rain", "wind"]])`; empty where nothing is like that. */
function severalOf(text: string, constants: Map<string, string>): string[] {
  const taken = new RegExp(`(?:^[ \\t]*${NAME}\\s*=\\s*|\\.fit\\([^\\n]*?,\\s*)[\\w.]+\\[\\[([^\\]]+)\\]\\]`, 'gm')
  const lists = [...text.matchAll(taken)].map(([, list]) =>
    list!.split(',').map((word) => textOf(word.trim(), constants) ?? ''),
  )
  return lists.find((names) => names.length > 1 && !names.includes('')) ?? []
}

const COLUMN = `[\\w.]+(?:\\[\\[?\\s*${WORD}\\s*\\]?\\]|\\.loc\\[\\s*:\\s*,\\s*${WORD}\\s*\\]|\\.get_column\\(\\s*${WORD}\\s*\\))`
/** What changes how values are kept, not what they are. */
const AS_IT_IS =
  '(?:\\.(?:values|array|(?:to_numpy|to_list|tolist|ravel|copy|squeeze|to_series|astype|cast)\\([^()]*\\)))*'

/** What the code assigns to a name of the label, or to a column from that same column. */
function codingsOf(text: string, constants: Map<string, string>): { taken: string[]; found: Map<string, Coding> } {
  const taken: string[] = []
  const found = new Map<string, Coding>()
  for (const match of text.matchAll(new RegExp(`^[ \\t]*(?:${NAME}|\\w+\\[\\s*${WORD}\\s*\\])\\s*=(?!=)\\s*`, 'gm'))) {
    const code = statementAt(text, match.index + match[0].length).trim()
    const column = new RegExp(COLUMN).exec(code)
    const word = column && (column[1] ?? column[2] ?? column[3])
    const name = word ? textOf(word, constants) : undefined
    const assigned = match[1] === undefined ? undefined : textOf(match[1], constants)
    if (name === undefined || (match[1] !== undefined && assigned !== name)) continue
    if (assigned === undefined) taken.push(name)
    const coding = codingOf(code, text)
    if (coding) found.set(name, coding)
  }
  return { taken, found }
}

function codingOf(code: string, text: string): Coding | undefined {
  if (new RegExp(`^${COLUMN}${AS_IT_IS}$`).test(code)) return undefined
  if (/\.cat\.codes\b/.test(code) || (/\.fit_transform\(/.test(code) && /\bLabelEncoder\(/.test(text)))
    return { kind: 'sorted' }
  const pairs = /\.(?:map|replace|replace_strict)\(\s*\{([^{}]*)\}/.exec(code)?.[1]
  const values = pairs === undefined ? undefined : valuesInOrder(pairs)
  if (values) return { kind: 'listed', values }
  const equal = new RegExp(`^\\(?\\s*${COLUMN}\\s*==\\s*(["'])([^"']*)\\4\\s*\\)?${AS_IT_IS}$`).exec(code)
  if (equal) return { kind: 'is', value: equal[5]! }
  return { kind: 'computed', code: code.split('\n')[0]! }
}

/** The keys of a dictionary whose values are 0, 1, …, in that order; undefined where they are not. */
function valuesInOrder(pairs: string): string[] | undefined {
  const entries = [...pairs.matchAll(/(?:(["'])([^"']*)\1|(-?\d+|True|False))\s*:\s*(\d+)/g)]
  const ordered = entries.map(([, , quoted, bare, place]) => ({ value: quoted ?? bare!, place: Number(place) }))
  ordered.sort((a, b) => a.place - b.place)
  const whole = ordered.length === pairs.split(',').filter((each) => each.trim() !== '').length
  return whole && ordered.length > 1 && ordered.every(({ place }, index) => place === index)
    ? ordered.map(({ value }) => value)
    : undefined
}
