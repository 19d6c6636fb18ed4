/** Profiles a file, or asks DuckDB for the same with one statement a column and nothing else: profile.ts FILE [duckdb] */
import { basename, dirname } from 'node:path'
import { openDataset, profileDataset, quoteIdentifier } from '../src/index.ts'
import { answer } from './program.ts'

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

/** Counts, ends, sums, lengths, different values and buckets of each column; histograms and categories by week. */
function statements(): string[] {
  const week = dataset.columns.some(({ name }) => name === 'at') ? 'epoch_us("at") // 604800000000' : '0'
  return dataset.columns.flatMap(({ name, type }) => {
    const x = quoteIdentifier(name)
    const different = `SELECT hash(${x}) % 2048 AS r, min(hash(${x}) >> 11) FROM data WHERE ${x} IS NOT NULL GROUP BY r`
    const counts = `SELECT count(*), count(${x}), min(${x}), max(${x})`
    if (type === 'VARCHAR') {
      const lengths = `${counts}, count_if(${x} = ''), min(length(${x})), max(length(${x})), sum(length(${x})) FROM data`
      const top = `SELECT ${x}, count(*) AS n FROM data GROUP BY ${x} ORDER BY n DESC LIMIT 1000`
      if (name === 'user') return [lengths, different]
      return [lengths, different, top, `SELECT ${week} AS w, ${x}, count(*) FROM data GROUP BY ALL`]
    }
    if (!/INT|DOUBLE/.test(type)) return [`${counts} FROM data`, different]
    const double = `${x}::DOUBLE`
    const sums = `count_if(${x} = 0), count_if(isnan(${double})), count_if(isinf(${double})), sum((${double} * 1048576)::BIGINT), sum((${double} * ${double} * 64)::BIGINT)`
    const buckets = `SELECT ${x} < 0 AS s, ceil(ln(abs(${double})) / 0.04) AS b, count(*) FROM data WHERE ${x} <> 0 GROUP BY ALL`
    const edges = Array.from({ length: 99 }, (_, edge) => `${edge - 50}::DOUBLE`).join(', ')
    const histogram = `SELECT ${week} AS w, histogram(${double}, [${edges}]) FROM data GROUP BY w`
    return [`${counts}, ${sums} FROM data`, different, buckets, ...(name === 'id' ? [] : [histogram])]
  })
}
