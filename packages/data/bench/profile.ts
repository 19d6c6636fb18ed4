/** Profiles a file, or asks DuckDB for the same aggregates and nothing else: profile.ts FILE [duckdb] */
import { basename, dirname } from 'node:path'
import { openDataset, profileDataset, quoteIdentifier } from '../src/index.ts'
import { answer } from './program.ts'

/** About the percentiles of the columns that are watched, from how they are generated. */
const percentiles: Record<string, (share: number) => number> = {
  score: normal,
  amount: (share) => Math.exp(normal(share)),
  count: (share) => 1000 * share,
  gappy: (share) => 100 * share,
}

const [file, peer] = process.argv.slice(2) as [string, string | undefined]
/** So that both spill alike. */
const memoryLimit = '200MiB'
const dataset = await openDataset({ root: dirname(file), files: basename(file), memoryLimit })
try {
  if (peer === 'duckdb') for (const sql of statements()) await dataset.query(sql)
  else {
    const time = dataset.columns.some(({ name }) => name === 'at') ? { time: 'at' } : {}
    await profileDataset(dataset, { model: 'bench', leaveOut: ['id', 'at'], span: '7d', ...time })
  }
} finally {
  dataset.close()
}
answer(true, peer === 'duckdb' ? 'duckdb, bare' : 'modelyard')

/**
 * The aggregates of a profile of `generate(rows)`, with as few scans as SQL allows: one for counts, ends, sums and lengths
 * of all columns, one for histograms by week, and those that need a GROUP BY of their own: registers of hashes, buckets
 * and categories. What the profile has to find out first, its edges and categories, is known here.
 */
function statements(): string[] {
  const week = 'epoch_us("at") // 604800000000'
  const counts: string[] = []
  const grouped: string[] = []
  for (const { name, type } of dataset.columns) {
    const x = quoteIdentifier(name)
    counts.push(`count(${x}), min(${x}), max(${x})`)
    grouped.push(`SELECT hash(${x}) & 2047 AS r, min(hash(${x}) >> 16) FROM data WHERE ${x} IS NOT NULL GROUP BY r`)
    if (type === 'VARCHAR') counts.push(`count_if(${x} = ''), min(length(${x})), max(length(${x})), sum(length(${x}))`)
    if (name === 'kind' || name === 'flag') grouped.push(`SELECT ${week} AS w, ${x}, count(*) FROM data GROUP BY ALL`)
    if (!/INT|DOUBLE/.test(type)) continue
    const double = `${x}::DOUBLE`
    counts.push(`count_if(${x} = 0), sum((${double} * 1024)::BIGINT), sum((${double} * ${double})::BIGINT)`)
    if (type === 'DOUBLE') counts.push(`count_if(isnan(${x})), count_if(isinf(${x}))`)
    grouped.push(
      `SELECT ${x} < 0 AS s, ceil(ln(abs(${double})) / 0.04::DOUBLE)::INTEGER AS b, count(*) FROM data WHERE ${x} <> 0 GROUP BY ALL`,
    )
  }
  const histograms = Object.entries(percentiles).map(
    ([name, at]) => `count("${name}"), histogram("${name}"::DOUBLE, ${edges(at)}::DOUBLE[])`,
  )
  return [
    `SELECT count(*), ${counts.join(', ')} FROM data`,
    `SELECT ${week} AS w, count(*), ${histograms.join(', ')} FROM data GROUP BY w`,
    ...grouped,
  ]
}

/** A logistic curve is within a hundredth of the normal's. */
function normal(share: number): number {
  return Math.log(share / (1 - share)) / 1.702
}

function edges(at: (share: number) => number): string {
  return `[${Array.from({ length: 99 }, (_, index) => `'${at((index + 1) / 100)}'`).join(', ')}]`
}
