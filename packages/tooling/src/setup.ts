import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE, ROOT } from './paths.ts'
import { run, step } from './shell.ts'

const ACT = 'v0.2.87'
const ACTIONLINT = 'v1.7.12'

/** The workflow runner. Built from source by Go; one on the PATH is taken if it is of the same version. */
export async function setUpAct(): Promise<string> {
  const present = await run('act', ['--version']).catch(() => '')
  if (present.includes(ACT.slice(1))) return 'act'
  return goTool('act', `github.com/nektos/act@${ACT}`, ['-tags', 'WITHOUT_DOCKER'])
}

/** The linter of workflow files. */
export async function setUpActionlint(): Promise<string> {
  return goTool('actionlint', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`, [])
}

async function goTool(name: string, module: string, flags: string[]): Promise<string> {
  const folder = join(CACHE, 'go', module.split('@')[1]!)
  const binary = join(folder, name)
  if (existsSync(binary)) return binary
  await step(`Build ${name} ${module.split('@')[1]} with Go`, async () => {
    await mkdir(folder, { recursive: true })
    await run('go', ['install', ...flags, module], { env: { GOBIN: folder } }).catch((cause) => {
      throw new Error(
        `${name} could not be built. Go 1.25 or later is needed (or ${name} ${module.split('@')[1]} on the PATH).`,
        { cause },
      )
    })
  })
  return binary
}

/** A virtual environment of Python with pinned packages; made anew when the pins change. Answers with its folder of programs. */
export async function setUpPython(name: string, requirements: string): Promise<string> {
  const folder = join(CACHE, `python-${name}`)
  const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const stamp = join(folder, 'pins.sha256')
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pins) return programs
  await step(`Install the Python packages of ${requirements.slice(ROOT.length + 1)}`, async () => {
    await rm(folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', folder])
    await run(join(programs, 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ])
    await writeFile(stamp, pins)
  })
  return programs
}
