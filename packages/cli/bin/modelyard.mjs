#!/usr/bin/env node
// In the repository, the command runs from its sources on Node 24; packages/tooling/bin/run.mjs brings that where it is missing.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const { status } = spawnSync(
  process.execPath,
  [join(packages, 'tooling', 'bin', 'run.mjs'), 'cli', ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exit(status ?? 1)
