// Takes each rule of the ledger out of the server in turn and looks whether its test falls.
// Usage: node packages/local-github/scripts/take-out-rules.ts [part of a rule's id]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RULES, type Rule } from '../semantics/rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const chosen = RULES.filter(({ id }) => id.includes(process.argv[2] ?? ''))
console.log('All rules are there …')
const sound = await passing([...new Set(chosen.map(({ test }) => test))])
const waiting = [...chosen]
let missed = 0
await Promise.all(Array.from({ length: availableParallelism() }, takeOut))
console.log(`\n${missed} of ${chosen.length} rules are missed by their tests when they are gone.`)
process.exitCode = missed === chosen.length && missed > 0 ? 0 : 1

async function takeOut(): Promise<void> {
  for (let rule = waiting.shift(); rule; rule = waiting.shift()) {
    const said = sound.has(rule.id) ? ((await falls(rule)) ? '✓ missed   ' : '✗ UNNOTICED') : '✗ NO TEST  '
    if (said.startsWith('✓')) missed++
    console.log(`${said} ${rule.id}`)
  }
}

async function falls({ id, test }: Rule): Promise<boolean> {
  return (await vitest([`test/semantics/${test}`, '-t', id], { LOCAL_GITHUB_WITHOUT_RULE: id })) !== 0
}

interface Report {
  testResults: Array<{ assertionResults: Array<{ title: string; status: string }> }>
}

/** The rules whose test passes while all are there: the first word of its name. */
async function passing(files: string[]): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'take-out-rules-'))
  try {
    const file = join(folder, 'report.json')
    await vitest([...files.map((name) => `test/semantics/${name}`), '--reporter=json', `--outputFile=${file}`])
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    return new Set(tests.filter(({ status }) => status === 'passed').map(({ title }) => title.split(/[\s:]/)[0]!))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function vitest(args: string[], env: Record<string, string> = {}): Promise<number | null> {
  const all = ['run', '--root', root, '--testTimeout=60000', ...args]
  const child = spawn('vitest', all, { env: { ...process.env, ...env }, stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}
