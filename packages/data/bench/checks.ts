import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from './generate.ts'
import { run, runOften, type Took } from './program.ts'
import { compared, count, type Result } from './result.ts'

const ROWS = 10_000_000
const FEW_ROWS = 100_000
const MANY_COLUMNS = 300
const PEAK_MB = 300
/** Beside as many values there are ten times the rules and columns to plan and to judge. */
const CLIFF = 2
const CONTRACT = join(import.meta.dirname, 'contract.yaml')
const PEER = join(import.meta.dirname, 'peer.py')
/** How often each runs: those that come close are measured as often as we are. */
const PEERS = { pandera: 3, duckdb: 3, datacontract: 1, great_expectations: 1 }
const SLOWEST = 'great_expectations'

type Log = (line: string) => void

/** Twenty rules on many rows and on few, and rules on many columns. With `quick`, the slowest peer gets a tenth of the rows. */
export async function benchChecks(python: string, quick: boolean, log: Log): Promise<Result[]> {
  return [...(await benchRows(python, quick, log)), await benchStart(python, log), await benchColumns(log)]
}

async function benchRows(python: string, quick: boolean, log: Log): Promise<Result[]> {
  const work = `20 rules, one a unique key, ${count(ROWS)} × 10`
  log(`${work}: make the rows`)
  const [file, tenth] = [await generate(ROWS), await generate(ROWS / 10)]
  log(work)
  const ours = check(3, file, CONTRACT)
  return Object.entries(PEERS).map(([name, times]) => {
    const less = quick && name === SLOWEST
    log(`${work}: ${name}${less ? ', a tenth of the rows' : ''}`)
    const took = runOften(times, python, PEER, name, less ? tenth : file)
    const peer = less ? { ...took, program: `${took.program}, ${count(ROWS / 10)} rows` } : took
    const met = ours.seconds < peer.seconds && ours.peak_mb <= PEAK_MB
    return compared(work, ours, peer, { goal: `ratio above 1, at most ${PEAK_MB} MB`, met })
  })
}

async function benchStart(python: string, log: Log): Promise<Result> {
  const work = `20 rules, ${count(FEW_ROWS)} × 10, with start-up`
  log(work)
  const file = await generate(FEW_ROWS)
  const ours = check(5, file, CONTRACT)
  const peer = run(python, PEER, SLOWEST, file)
  return compared(work, ours, peer, { goal: 'at most 0.5 s', met: ours.seconds <= 0.5 })
}

/** As many values in ten times the columns. */
async function benchColumns(log: Log): Promise<Result> {
  const work = `${3 * MANY_COLUMNS} rules, ${count(FEW_ROWS)} × ${MANY_COLUMNS}`
  log(work)
  const folder = mkdtempSync(join(tmpdir(), 'data-bench-'))
  const rules = async (rows: number, columns: number) => {
    const contract = join(folder, `${columns}.yaml`)
    writeFileSync(contract, contractOf(columns))
    return check(3, await generate(rows, columns), contract)
  }
  try {
    const wide = await rules(FEW_ROWS, MANY_COLUMNS)
    const narrow = await rules(10 * FEW_ROWS, MANY_COLUMNS / 10)
    return compared(
      work,
      wide,
      { ...narrow, program: `ours, ${count(10 * FEW_ROWS)} × ${MANY_COLUMNS / 10}` },
      {
        goal: `at most ${CLIFF} times the processor time, at most ${PEAK_MB} MB`,
        met: wide.cpu_seconds <= CLIFF * narrow.cpu_seconds && wide.peak_mb <= PEAK_MB,
      },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function check(times: number, file: string, contract: string): Took {
  return runOften(times, process.execPath, join(import.meta.dirname, 'check.ts'), file, contract)
}

/** Three rules for each column. */
function contractOf(columns: number): string {
  const properties = Array.from({ length: columns }, (_, column) =>
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
