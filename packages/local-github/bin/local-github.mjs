#!/usr/bin/env node
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`local-github needs Node 24 or later, and this is ${process.versions.node}.`)
  process.exit(2)
}
const { main } = await import('../src/command/main.ts')
const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
process.exitCode = await main(process.argv.slice(2), process.cwd(), process.stdout, process.stderr, ended)
