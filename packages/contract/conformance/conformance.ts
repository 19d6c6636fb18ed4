/**
 * Asks datacontract-cli the cases of `cases.ts`, and writes its answers (`golden.json`) and the page that compares them
 * with ours. With `--check` it writes nothing, and fails where an answer is another one or has no reason.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { setUpPython } from '@modelyard/tooling'
import { contractOf } from './case.ts'
import { cases } from './cases.ts'
import { compare, conformancePage } from './compare.ts'
import type { Outcome } from './ours.ts'
import { outcomesOf } from './ours.ts'

const FOLDER = import.meta.dirname
const GOLDEN = join(FOLDER, 'golden.json')
const PAGE = join(FOLDER, '../../../docs/odcs-conformance.md')

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const requirements = join(FOLDER, 'requirements.txt')
const version = /^datacontract-cli\S*==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))![1]!
const programs = await setUpPython('conformance', requirements)
const answers = Object.fromEntries((await askPeer()).map((outcome, index) => [cases[index]!.name, outcome]))
const golden = `${JSON.stringify({ 'datacontract-cli': version, answers }, null, 2)}\n`
const compared = compare(cases, await outcomesOf(cases), answers)
const page = conformancePage(compared, version)

const unexplained = compared.filter((each) => each.ours !== each.theirs && !each.difference)
for (const { case: each, ours, theirs } of unexplained) console.error(`${each.name}: ${ours} here, ${theirs} there`)
if (flags.check) {
  for (const [file, text] of [
    [GOLDEN, golden],
    [PAGE, page],
  ] as const) {
    if (readFileSync(file, 'utf8') === text) continue
    console.error(`${file} is not what comes of it today; run it without --check.`)
    process.exitCode = 1
  }
} else {
  writeFileSync(GOLDEN, golden)
  writeFileSync(PAGE, page)
}
const alike = compared.filter(({ ours, theirs }) => ours === theirs).length
console.log(`${alike} of ${compared.length} alike, ${unexplained.length} without a reason`)
if (unexplained.length > 0) process.exitCode = 1

/** What datacontract-cli makes of each case; it takes about a quarter of a second for one. */
async function askPeer(): Promise<Outcome[]> {
  const peer = spawn(join(programs, 'python'), ['peer.py'], { cwd: FOLDER, stdio: ['pipe', 'pipe', 'inherit'] })
  peer.stdin.end(
    cases.map((each) => `${JSON.stringify({ contract: contractOf(each), columns: each.columns ?? false })}\n`).join(''),
  )
  const outcomes: Outcome[] = []
  for await (const line of createInterface({ input: peer.stdout })) {
    outcomes.push(JSON.parse(line) as Outcome)
    if (outcomes.length % 50 === 0) console.log(`${outcomes.length} of ${cases.length}`)
  }
  if (outcomes.length !== cases.length) throw new Error(`the peer answered ${outcomes.length} of ${cases.length} cases`)
  return outcomes
}
