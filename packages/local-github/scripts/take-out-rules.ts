// Takes each rule of the ledger out of the server in turn and looks whether its test falls.
// Usage: node packages/local-github/scripts/take-out-rules.ts [part of a rule's id]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RULES, type Rule } from '../semantics/rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const chosen = RULES.filter(({ id }) => id.includes(process.argv[2] ?? ''))
const unnoticed = chosen.filter((rule) => !falls(rule))
console.log(
  `\n${chosen.length - unnoticed.length} of ${chosen.length} rules are missed by their tests when they are gone.`,
)
process.exitCode = unnoticed.length === 0 && chosen.length > 0 ? 0 : 1

function falls({ id, test }: Rule): boolean {
  const run = (env: Record<string, string>) =>
    spawnSync('vitest', ['run', '--root', root, `test/semantics/${test}`, '-t', id], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    })
  const whole = run({})
  const passes = whole.status === 0 && /Tests .*1 passed/.test(whole.stdout.replace(/\x1b\[[\d;]*m/g, ''))
  const noticed = passes && run({ LOCAL_GITHUB_WITHOUT_RULE: id }).status !== 0
  console.log(`${noticed ? '✓ missed   ' : passes ? '✗ UNNOTICED' : '✗ NO TEST  '} ${id}`)
  return noticed
}
