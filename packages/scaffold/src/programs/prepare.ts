import { type Format, formatOf } from './formats.ts'
import { FRAMES, type Frames } from './frames.ts'
import { literal } from './python-text.ts'

export interface PrepareSettings {
  /** The one data file, and where its rows go. */
  data: string
  train: string
  holdout: string
  id: string | undefined
  share: number
  /** What reads Parquet here: what the repository's own code uses. */
  frames: Frames
}

/**
 * The program that divides one data file into training and hold-out rows, as Python. Names from the repository stand in
 * its constants alone, as literals.
 */
export function prepareProgram(settings: PrepareSettings): string {
  const { data, train, holdout, id, share } = settings
  const format = formatOf(data)
  const modules = { csv: ['csv'], lines: id === undefined ? [] : ['json'], parquet: [] }[format]
  const packed = /\.gz$/i.test(data) ? ['gzip'] : []
  const imports = [...modules, ...packed, 'hashlib']
    .sort()
    .map((module) => `import ${module}\n`)
    .join('')
  const frames = format === 'parquet' ? `\nimport ${settings.frames} as ${FRAMES[settings.frames]}\n` : ''
  return `"""Divides the data into rows to learn from and rows to judge by.

\`modelyard init\` wrote this file; it is yours. A row's side is decided by a hash of its ${id === undefined ? 'values' : 'id'}: it is the same on
every machine, and stays the same when rows are added.
"""

${imports}from pathlib import Path
${frames}
DATA = Path(${literal(data)})
TRAIN = Path(${literal(train)})
HOLDOUT = Path(${literal(holdout)})
${id === undefined ? '' : `ID = ${literal(id)}\n`}HOLDOUT_SHARE = ${share}


def main() -> None:
    TRAIN.parent.mkdir(parents=True, exist_ok=True)
${BODIES[format](settings)}

def is_held_out(key: str) -> bool:
    """Whether a row is for judging: its key's hash, as a number from 0 to 1, is below the share."""
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < HOLDOUT_SHARE


if __name__ == "__main__":
    main()
`
}

const BODIES: Record<Format, (settings: PrepareSettings) => string> = {
  csv: ({ data, id }) => `    with (
        ${opened(data, 'utf-8-sig', ', newline=""')} as source,
        open(TRAIN, "w", encoding="utf-8", newline="") as train,
        open(HOLDOUT, "w", encoding="utf-8", newline="") as holdout,
    ):
        rows = csv.reader(source)
        head = next(rows)
        sides = [csv.writer(side, lineterminator="\\n") for side in (train, holdout)]
        for side in sides:
            side.writerow(head)
        for row in filter(None, rows):
            key = ${id === undefined ? '"\\x1f".join(row)' : 'row[head.index(ID)]'}
            sides[is_held_out(key)].writerow(row)
`,
  lines: ({ data, id }) => `    with (
        ${opened(data, 'utf-8', '')} as source,
        open(TRAIN, "w", encoding="utf-8") as train,
        open(HOLDOUT, "w", encoding="utf-8") as holdout,
    ):
        for line in filter(str.strip, source):
            key = ${id === undefined ? 'line.strip()' : 'str(json.loads(line)[ID])'}
            (holdout if is_held_out(key) else train).write(line)
`,
  parquet: ({ id, frames }) =>
    frames === 'pandas'
      ? `    rows = pd.read_parquet(DATA)
    keys = ${id === undefined ? 'rows.astype(str).agg("\\x1f".join, axis=1)' : 'rows[ID].astype(str)'}
    held_out = keys.map(is_held_out)
    rows[~held_out].to_parquet(TRAIN, index=False)
    rows[held_out].to_parquet(HOLDOUT, index=False)
`
      : `    rows = pl.read_parquet(DATA)
    keys = ${id === undefined ? 'rows.select(pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\\x1f")).to_series()' : 'rows[ID].cast(pl.String)'}
    held_out = pl.Series([is_held_out(key) for key in keys])
    rows.filter(~held_out).write_parquet(TRAIN)
    rows.filter(held_out).write_parquet(HOLDOUT)
`,
}

function opened(data: string, encoding: string, more: string): string {
  return /\.gz$/i.test(data)
    ? `gzip.open(DATA, "rt", encoding="${encoding}"${more})`
    : `open(DATA, encoding="${encoding}"${more})`
}
