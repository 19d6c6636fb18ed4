#!/usr/bin/env node
// Runs a task of this repository (`demo`, `test`, …) on Node 24, which it brings where the machine has an older one.
// This file alone must run on Node 20; all else is TypeScript that Node 24 runs as it is.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '24.21.0'
const tooling = dirname(dirname(fileURLToPath(import.meta.url)))
const root = dirname(dirname(tooling))

const node = findNode()
const [task, ...args] = process.argv.slice(2)
const program =
  task === 'cli' ? [join(root, 'packages', 'cli', 'src', 'main.ts')] : [join(tooling, 'src', 'main.ts'), task]
const { status, signal } = spawnSync(node, [...program, ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
})
process.exit(signal ? 1 : status)

/** A Node of at least 24: this one, or the one that npm brings into `.cache/node`. */
function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const folder = join(root, '.cache', 'node', VERSION)
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    console.error(`Node ${VERSION} is brought here, because this machine has ${process.versions.node} …`)
    const { status } = spawnSync(
      'npm',
      ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--loglevel=error', `${name}@${VERSION}`],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      },
    )
    if (status !== 0 || !existsSync(binary)) {
      console.error(
        `Node ${VERSION} could not be brought for ${process.platform} on ${process.arch}. Install Node 24 or later and run this again.`,
      )
      process.exit(2)
    }
  }
  return binary
}
