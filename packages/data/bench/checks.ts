import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from './bench.ts'
import { generate } from './generate.ts'
import { run, runOften, type Took } from './program.ts'

const ROWS = 10_000_000
const FEW_ROWS = 100_000
const MANY_COLUMNS = 300
const PEAK_MB = 300
const CONTRACT = join(import.meta.dirname, 'contract.yaml')
const PEER = join(import.meta.dirname, 'peer.py')
const PEERS = ['pandera', 'duckdb', 'datacontract', 'great_expectations']
const SLOWEST = 'great_expectations'

const check = (file: string, contract: string) =>
  [process.execPath, join(import.meta.dirname, 'check.ts'), file, contract] as const

/** Twenty rules on many rows, on few, and rules on many columns. With `quick`, the slowest peer gets a tenth of the rows. */
export async function benchChecks(python: string, quick: boolean, log: (line: string) => void): Promise<Result[]> {
  const count = (n: number) => n.toLocaleString('en-US')
  log(`make ${count(ROWS)} × 10`)
  const [file, tenth, few, wide] = [
    await generate(ROWS),
    await generate(ROWS / 10),
    await generate(FEW_ROWS),
    await generate(FEW_ROWS, MANY_COLUMNS),
  ]

  const work = `20 rules, one a unique key, ${count(ROWS)} × 10`
  log(work)
  const ours = runOften(3, ...check(file, CONTRACT))
  const peers = PEERS.map((peer) => {
    const less = quick && peer === SLOWEST
    log(`${work}: ${peer}${less ? ', a tenth of the rows' : ''}`)
    const took = run(python, PEER, peer, less ? tenth : file)
    return less ? { ...took, program: `${took.program}, ${count(ROWS / 10)} rows` } : took
  })
  const alike = peers.filter((_, index) => !(quick && PEERS[index] === SLOWEST))
  const fastest = Math.min(...alike.map(({ seconds }) => seconds))
  const many = [
    {
      ...line(work, ours),
      goal: `below ${rounded(fastest)} s, at most ${PEAK_MB} MB`,
      met: ours.seconds < fastest && ours.peak_mb <= PEAK_MB,
    },
    ...peers.map((peer) => line(work, peer)),
  ]

  const small = `20 rules, ${count(FEW_ROWS)} × 10, with start-up`
  log(small)
  const start = runOften(5, ...check(few, CONTRACT))
  const peer = run(python, PEER, SLOWEST, few)

  const columns = `${3 * MANY_COLUMNS} rules, ${count(FEW_ROWS)} × ${MANY_COLUMNS}`
  log(columns)
  const folder = mkdtempSync(join(tmpdir(), 'data-bench-'))
  try {
    const contract = join(folder, 'contract.yaml')
    writeFileSync(contract, contractOfMany())
    const broad = runOften(3, ...check(wide, contract))
    const share = (FEW_ROWS * MANY_COLUMNS) / (ROWS * 10)
    const limit = 2 * share * ours.seconds + start.seconds
    return [
      ...many,
      { ...line(small, start), goal: 'at most 0.5 s', met: start.seconds <= 0.5 },
      line(small, peer),
      {
        ...line(columns, broad),
        goal: `at most ${rounded(limit)} s: twice the time a cell, and start-up`,
        met: broad.seconds <= limit,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Three rules for each column. */
function contractOfMany(): string {
  const properties = Array.from({ length: MANY_COLUMNS }, (_, column) =>
    column % 10 === 9
      ? `  - {name: c${column}, logicalType: string, required: true, logicalTypeOptions: {maxLength: 8, pattern: '^value'}}`
      : `  - name: c${column}
    logicalType: number
    logicalTypeOptions: {minimum: 0, maximum: 1}
    quality: [{metric: nullValues, unit: percent, mustBeLessThan: 3}]`,
  )
  return `apiVersion: v3.1.0
kind: DataContract
id: many
version: 1.0.0
status: active
schema:
- name: data
  properties:
${properties.join('\n')}
`
}

function line(work: string, { program, seconds, cpu_seconds, peak_mb }: Took): Result {
  return { work, program, seconds: rounded(seconds), cpu_seconds: rounded(cpu_seconds), peak_mb: Math.round(peak_mb) }
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
