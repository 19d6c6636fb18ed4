/**
 * How often the gate is right: the decision that the action makes, on rows from populations in which the truth is known.
 *
 * npm run simulate -w packages/evaluation -- [--check] [--json] [--scale 1] [--seed 1] [--workers 2]
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { findingsOf } from './findings.ts'
import { runCells } from './run.ts'
import { write } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
})

const started = performance.now()
const outcomes = await runCells({
  scale: Number(flags.scale),
  seed: Number(flags.seed),
  workers: Number(flags.workers),
  progress(done, { question, name }) {
    const seconds = (performance.now() - started) / 1000
    const left = Math.round((seconds / done) * (1 - done))
    process.stderr.write(`\r\x1b[K${(100 * done).toFixed(0)} %, ${left} s left: ${question}, ${name}`)
  },
})
process.stderr.write('\r\x1b[K')
const findings = findingsOf(outcomes)
if (flags.json) for (const finding of findings) console.log(JSON.stringify(finding))
else console.log(`${write(findings)}\n`)
const missed = findings.filter((finding) => finding.missed)
for (const finding of missed) console.error(`missed: ${JSON.stringify(finding)}`)
console.error(`${Math.round((performance.now() - started) / 1000)} s on ${flags.workers} threads`)
if (flags.check && missed.length > 0) process.exitCode = 1
