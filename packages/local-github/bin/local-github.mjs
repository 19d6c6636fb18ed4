#!/usr/bin/env node
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`local-github needs Node 24 or later, and this is ${process.versions.node}.`)
  process.exit(2)
}
const { runCommand } = await import('../src/command/main.ts')
process.exitCode = await runCommand(process.argv.slice(2), {
  name: 'local-github',
  folder: process.cwd(),
  out: process.stdout,
  error: process.stderr,
})
