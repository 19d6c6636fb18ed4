import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { RUNNER_LABEL } from '../scheduler/project-job.ts'
import { ActLog, type JobReport } from './act-log.ts'
import type { StepTitle } from './act-steps.ts'
import { Masker } from './masker.ts'

/** How this machine runs jobs; the same for all of them. */
export interface RunnerSettings {
  act: string
  /** Folders put before the system's own on the jobs' PATH. */
  path: string[]
  /** Set in every job. */
  env: Record<string, string>
  /** Where git in a job finds what lives under `https://github.com/`. */
  gitUrl: string
}

/** One released job, ready to run. */
export interface ActJob {
  folder: string
  /** The projected workflow, and the titles and ids of its steps in order. */
  workflow: string
  resultsFile: string
  steps: StepTitle[]
  event: string
  payload: unknown
  actor: string
  env: Record<string, string>
  secrets: Record<string, string>
  /** What else must not be shown. */
  masked: string[]
  vars: Record<string, string>
  /** `owner/repo@ref` → folder. */
  actions: Record<string, string>
}

export interface RunningJob {
  done: Promise<JobReport & { results: string | undefined }>
  /** Asks the steps to end, then makes them; the report follows through `done`. */
  cancel: () => void
}

export const INSTALL_ACT = 'go install -tags WITHOUT_DOCKER github.com/nektos/act@v0.2.87'

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const KILL_AFTER_MS = 10_000

/** Where this process ends before its jobs they end with it: what act is asked twice it does at once. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGINT')
})

/** Hands a projected job to act in host mode, in a folder and an environment of its own. */
export function runJob(settings: RunnerSettings, job: ActJob): RunningJob {
  let child: ChildProcess | undefined
  let cancelled = false
  const cancel = () => {
    cancelled = true
    if (!child) return
    child.kill('SIGINT')
    const asked = child
    setTimeout(() => asked.kill('SIGKILL'), KILL_AFTER_MS).unref()
  }
  const done = (async () => {
    await prepare(settings, job)
    const values = await writeValues(job)
    const log = new ActLog(job.steps, new Masker([...Object.values(job.secrets), ...job.masked]))
    if (!cancelled) {
      child = spawn(settings.act, actArguments(job, values), {
        cwd: join(job.folder, 'workspace'),
        env: {
          PATH: [...settings.path, ...SYSTEM_PATH].join(delimiter),
          HOME: join(job.folder, 'home'),
          LANG: 'C.UTF-8',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      await follow(child, log)
    }
    for (const file of Object.values(values)) await rm(file)
    const results = await readFile(job.resultsFile, 'utf8').catch(() => undefined)
    await rm(join(job.folder, 'cache'), { recursive: true, force: true })
    return { ...log.finish(cancelled), results }
  })()
  return { done, cancel }
}

async function prepare(settings: RunnerSettings, job: ActJob): Promise<void> {
  const home = join(job.folder, 'home')
  const cache = join(job.folder, 'cache')
  for (const folder of ['workspace', 'home', 'cache']) await mkdir(join(job.folder, folder), { recursive: true })
  await writeFile(join(job.folder, 'job.yml'), job.workflow)
  await writeFile(join(job.folder, 'event.json'), JSON.stringify(job.payload, null, 2))
  await writeFile(join(home, '.gitconfig'), `[url "${settings.gitUrl}/"]\n\tinsteadOf = https://github.com/\n`)
  // act names the tool cache itself, inside its cache folder.
  const toolCache = settings.env.RUNNER_TOOL_CACHE
  if (toolCache) {
    await mkdir(toolCache, { recursive: true })
    await symlink(toolCache, join(cache, 'tool_cache'))
  }
}

interface ValueFiles {
  env: string
  secrets: string
  vars: string
}

/** A command line is everybody's to read: what the job alone may know reaches act in files. */
async function writeValues(job: ActJob): Promise<ValueFiles> {
  const write = async (name: keyof ValueFiles) => {
    const file = join(job.folder, `${name}.yml`)
    await writeFile(file, toYaml(job[name]), { mode: 0o600 })
    return file
  }
  return { env: await write('env'), secrets: await write('secrets'), vars: await write('vars') }
}

/** JSON is YAML but for these characters, which YAML takes for breaks of lines or not at all. */
function toYaml(values: Record<string, string>): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(values, null, 1).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, escaped)
}

function actArguments(job: ActJob, { env, secrets, vars }: ValueFiles): string[] {
  return [
    job.event,
    '--json',
    '--rm',
    '--no-skip-checkout',
    '--no-cache-server',
    ...['--container-daemon-socket', '-'],
    ...['--workflows', join(job.folder, 'job.yml')],
    ...['--eventpath', join(job.folder, 'event.json')],
    ...['--action-cache-path', join(job.folder, 'cache')],
    ...['--platform', `${RUNNER_LABEL}=-self-hosted`],
    ...['--actor', job.actor],
    // It would mask what it knows of the secrets, so that what is left of another could no longer be found.
    '--insecure-secrets',
    ...['--env-file', env],
    ...['--secret-file', secrets],
    ...['--var-file', vars],
    ...['--input-file', '/dev/null'],
    ...Object.entries(job.actions).flatMap(([use, folder]) => ['--local-repository', `${use}=${folder}`]),
  ]
}

async function follow(child: ChildProcess, log: ActLog): Promise<void> {
  running.add(child)
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      log.fail(`act could not be started: ${error.message} (to install it: ${INSTALL_ACT})`)
      resolve()
    })
    child.on('close', (code) => {
      if (code !== 0) log.fail()
      resolve()
    })
  })
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => log.line(line))
  }
  await ended
  running.delete(child)
}
