import { join } from 'node:path'
import { canonicalJson } from '@modelyard/spec'
import { mergeProfiles, openDataset, planProfile, profilePart } from '../src/index.ts'
import { FOLDER, generate } from './generate.ts'
import { runOften, type Took } from './program.ts'
import { compared, count, type Result } from './result.ts'

const ROWS = 10_000_000
const FEW_ROWS = 100_000
const MANY_COLUMNS = 300
const SHARDS = 64
const PEAK_MB = 300
const FACTOR = 1.3

/** Profiles of many rows, against DuckDB that is asked for the same; of many columns; and of many shards. */
export async function benchProfiles(log: (line: string) => void): Promise<Result[]> {
  const program = (...parameters: string[]) =>
    runOften(3, process.execPath, join(import.meta.dirname, 'profile.ts'), ...parameters)
  const [file, wide] = [await generate(ROWS), await generate(FEW_ROWS, MANY_COLUMNS)]
  const work = `profile, ${count(ROWS)} × 10`
  log(work)
  const ours = program(file)
  const bare = program(file, 'duckdb')
  const columns = `profile, ${count(FEW_ROWS)} × ${MANY_COLUMNS}`
  log(columns)
  const many = program(wide)
  log(`merge ${SHARDS} shards`)
  return [
    compared(work, ours, bare, {
      goal: `at most ${FACTOR} × the peer, at most ${PEAK_MB} MB`,
      met: ours.seconds <= FACTOR * bare.seconds && ours.peak_mb <= PEAK_MB,
    }),
    compared(
      columns,
      many,
      { ...ours, program: `ours, ${count(ROWS)} × 10` },
      { goal: 'ratio above 1', met: many.seconds <= ours.seconds },
    ),
    await benchMerge(bare),
  ]
}

/** Shards of ten columns; all but the counts of rows is as large as it is in shards of many rows. */
async function benchMerge(bare: Took): Promise<Result> {
  const file = `${FEW_ROWS}x10.parquet`
  await generate(FEW_ROWS)
  const options = { model: 'bench', leaveOut: ['id', 'at'], span: '7d', time: 'at' }
  const parts: string[] = []
  for (let index = 1; index <= SHARDS; index++) {
    const dataset = await openDataset({ root: FOLDER, files: file, shard: { index, of: SHARDS } })
    parts.push(canonicalJson(await profilePart(dataset, await planProfile(dataset, options))))
    dataset.close()
  }
  const [started, before] = [performance.now(), process.cpuUsage()]
  mergeProfiles(parts.map((part) => JSON.parse(part)))
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - started) / 1000
  const ours: Took = {
    program: 'modelyard',
    seconds,
    cpu_seconds: (user + system) / 1e6,
    peak_mb: process.resourceUsage().maxRSS / 1024,
  }
  const peer = { ...bare, program: `${bare.program}, a pass over ${count(ROWS)} rows` }
  return compared(`merge ${SHARDS} shards, × 10`, ours, peer, { goal: 'below 1 s', met: seconds < 1 })
}
