import { type Dataset, openDataset, quoteIdentifier } from '@modelyard/data'
import { type DatasetDigest, type Model, UserError } from '@modelyard/spec'
import { metricsOf } from './decide.ts'
import type { Scales } from './sample.ts'

/** What errors are measured by, and the data that it was taken from. */
export interface Scaled {
  scales: Scales
  train: DatasetDigest
}

/**
 * The scale of each row's series (`seasonalScale`), from the training data; null where no metric asks for it. Throws a
 * `UserError` where the order of a series cannot be told.
 */
export async function readScales(
  model: Model,
  dataset: Dataset,
  { root, threads }: { root: string; threads?: number },
): Promise<Scaled | null> {
  const { series, time, label, season = 1, train: files } = model.data
  // The model file is checked: a forecast has a series, and mase a time.
  if (series === undefined || time === undefined || !metricsOf(model.evaluate).includes('mase')) return null
  const names = (await dataset.readColumns([series], { text: [series] }))[series] as string[]
  const train = await openDataset({ root, files, role: 'train', ...(threads !== undefined && { threads }) })
  try {
    const known = [...new Set(names)]
    const values = await valuesBySeries(train, { series, time, label: label as string })
    const by = known.map((name) => seasonalScale(values.get(name) ?? [], season, name))
    const numbers = new Map(known.map((name, number) => [name, number]))
    return {
      scales: { of: Int32Array.from(names, (name) => numbers.get(name)!), by },
      train: { role: 'train', sha256: train.sha256, files: [...train.files] },
    }
  } finally {
    train.close()
  }
}

/**
 * The mean absolute error, on a series' own past, of the forecast that says what was a season before: the scale of the
 * mean absolute scaled error (Hyndman and Koehler 2006), as sktime and utilsforecast have it. A sentence where there is none.
 */
export function seasonalScale(values: readonly number[], season: number, name: string): number | string {
  const pairs = values.length - season
  if (pairs < 1) {
    const rows = `${values.length} ${values.length === 1 ? 'row' : 'rows'}`
    return `The series ${name} has ${rows} in the training data, and a scale needs ${season + 1}: a season (data.season) and the row after it.`
  }
  let changes = 0
  for (let at = season; at < values.length; at++) changes += Math.abs(values[at]! - values[at - season]!)
  const scale = changes / pairs
  if (!Number.isFinite(scale))
    return `The series ${name} has rows without a finite label in the training data, so it has no scale.`
  if (scale === 0) return `The series ${name} is the same in every season of the training data, so it has no scale.`
  return scale
}

interface Columns {
  series: string
  time: string
  label: string
}

/** Each series' labels in the order of time; NaN where one is missing. */
async function valuesBySeries(train: Dataset, columns: Columns): Promise<Map<string, number[]>> {
  const [series, time, label] = [columns.series, columns.time, columns.label].map(quoteIdentifier)
  const [twice] = await train.query(
    `SELECT ${series}::VARCHAR AS series, ${time}::VARCHAR AS time FROM data GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
  )
  if (twice) {
    throw new UserError(
      `The training data hold the series ${twice.series} twice at ${columns.time} ${twice.time}, so the order of its rows cannot be told. mase needs one row for each time of a series.`,
    )
  }
  const rows = await train.query(
    `SELECT ${series}::VARCHAR AS series, ${label}::DOUBLE AS value FROM data ORDER BY ${series}, ${time}`,
  )
  const values = new Map<string, number[]>()
  for (const row of rows) {
    const name = String(row.series)
    const value = row.value === null ? Number.NaN : Number(row.value)
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}
