import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { env } = process
const asked = env['INPUT_PYTHON-VERSION'] ?? ''
const OLDEST = 11
const SHOW = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)'

// One after the other, until one will do.
const found = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11']
  .values()
  .map((name) => spawnSync(name, ['-c', SHOW], { encoding: 'utf8' }))
  .filter(({ status }) => status === 0)
  .map(({ stdout }) => stdout.trim().split('\n'))
  .find(([version]) => Number(version.split('.')[1]) >= OLDEST)
if (!found) {
  console.log(`::error::There is no Python 3.${OLDEST} or newer on the PATH of this machine`)
  process.exit(1)
}
const [version, path] = found
console.log(`Using Python ${version} of this machine${asked ? ` (asked for: ${asked})` : ''}`)
// A script rather than a link: a linked program would not find its virtual environment.
const folder = join(env.RUNNER_TEMP, 'setup-python')
mkdirSync(folder, { recursive: true })
for (const name of ['python', 'python3'])
  writeFileSync(join(folder, name), `#!/bin/sh\nexec "${path}" "$@"\n`, { mode: 0o755 })
appendFileSync(env.GITHUB_PATH, `${folder}\n`)
appendFileSync(env.GITHUB_OUTPUT, `python-version=${version}\npython-path=${path}\n`)
