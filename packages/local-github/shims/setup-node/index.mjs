import { appendFileSync } from 'node:fs'

const { env } = process
const asked = env['INPUT_NODE-VERSION'] ?? ''
const major = Number.parseInt(asked.replace(/^\D*/, ''), 10)
const { node } = process.versions
if (major > Number.parseInt(node, 10)) {
  console.log(`::error::Node ${asked} is asked for, and this machine has ${node}`)
  process.exit(1)
}
console.log(`Using Node ${node} of this machine${asked ? ` (asked for: ${asked})` : ''}`)
// It is on the PATH of every job already.
appendFileSync(env.GITHUB_OUTPUT, `node-version=v${node}\n`)
