import { type Dataset, openDataset, quoteIdentifier } from '@modelyard/data'
import { type DatasetDigest, type Model, UserError } from '@modelyard/spec'
import { metricsOf } from '../decide.ts'
import type { Scales } from './sample.ts'
import { told } from './unnamed.ts'

/** What errors are measured by, and the data that it was taken from. */
export interface Scaled {
  scales: Scales
  train: DatasetDigest
}

/**
 * The scale of each row's series (`scaleOf`), from the training data; null where no metric asks for it. Throws a
 * `UserError` where the order of a series cannot be told.
 */
export async function readScales(
  model: Model,
  dataset: Dataset,
  { root, threads, masked }: { root: string; threads?: number; masked?: ReadonlySet<string> | undefined },
): Promise<Scaled | null> {
  const { series, time, label, season = 1, train: files } = model.data
  // The model file is checked: a forecast has a series, and mase a time.
  if (series === undefined || time === undefined || !metricsOf(model.evaluate).includes('mase')) return null
  const names = (await dataset.readColumns([series], { text: [series] }))[series] as string[]
  const train = await openDataset({ root, files, role: 'train', ...(threads !== undefined && { threads }) })
  try {
    const pasts = await readPasts(train, { series, time, label: label as string }, season, masked)
    const numbers = new Map([...new Set(names)].map((name, number) => [name, number]))
    return {
      scales: {
        of: Int32Array.from(names, (name) => numbers.get(name)!),
        by: [...numbers.keys()].map((name) => scaleOf(told(masked, series, name), pasts.get(name), season)),
      },
      train: { role: 'train', sha256: train.sha256, files: [...train.files] },
    }
  } finally {
    train.close()
  }
}

/** A series in the training data. */
export interface Past {
  rows: number
  /** Rows without a finite label. */
  missing: number
  /** Σ |y − what it was a season before|. */
  changes: number
}

/**
 * The mean absolute error, on a series' own past, of the forecast that says what was a season before: the scale of the
 * mean absolute scaled error (Hyndman and Koehler 2006), as sktime and utilsforecast have it. A sentence where there is none.
 */
export function scaleOf(
  name: string,
  past: Past = { rows: 0, missing: 0, changes: 0 },
  season: number,
): number | string {
  const { rows, missing, changes } = past
  if (rows <= season) {
    return `The series ${name} has ${rows} ${rows === 1 ? 'row' : 'rows'} in the training data, and a scale needs ${season + 1}: a season (data.season) and the row after it.`
  }
  if (missing > 0)
    return `The series ${name} has ${missing} ${missing === 1 ? 'row' : 'rows'} without a label in the training data, so it has no scale.`
  if (changes === 0) return `The series ${name} is the same in every season of the training data, so it has no scale.`
  return changes / (rows - season)
}

interface Columns {
  series: string
  time: string
  label: string
}

async function readPasts(
  train: Dataset,
  columns: Columns,
  season: number,
  masked: ReadonlySet<string> | undefined,
): Promise<Map<string, Past>> {
  const [series, time, label] = [columns.series, columns.time, columns.label].map(quoteIdentifier)
  const [unclear] = await train.query(
    `SELECT ${series}::VARCHAR AS series, ${time}::VARCHAR AS time FROM data
    GROUP BY ALL HAVING count(*) > 1 OR time IS NULL ORDER BY ALL LIMIT 1`,
  )
  if (unclear) {
    const what =
      unclear.time === null
        ? `without a ${columns.time}`
        : `twice at ${columns.time} ${told(masked, columns.time, unclear.time)}`
    throw new UserError(
      `The training data hold the series ${told(masked, columns.series, unclear.series)} ${what}, so the order of its rows cannot be told. mase needs one row for each time of a series.`,
    )
  }
  // Summed in the order of time, so that every number of threads gives the same bits.
  const rows = await train.query(
    `SELECT series::VARCHAR AS series, count(*) AS rows,
      count(*) FILTER (WHERE NOT coalesce(isfinite(y), false)) AS missing, sum(change ORDER BY time) AS changes
    FROM (SELECT series, time, y, abs(y - lag(y, $season) OVER (PARTITION BY series ORDER BY time)) AS change
      FROM (SELECT ${series} AS series, ${time} AS time, ${label}::DOUBLE AS y FROM data))
    GROUP BY series`,
    { season },
  )
  return new Map(
    rows.map(({ series: name, rows, missing, changes }) => [
      String(name),
      { rows: Number(rows), missing: Number(missing), changes: Number(changes) },
    ]),
  )
}
