import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Our sources run as they are; that they are TypeScript costs no time from their second run on, as it costs a bundle none. */
const COMPILED = join(import.meta.dirname, '../../../.cache/data-bench/compiled')

/** What a program took for a piece of work, start to end, in a process of its own. */
export interface Took {
  program: string
  seconds: number
  /** On all cores together: what else runs on the machine hardly changes these. */
  cpu_seconds: number
  /** The most memory that the process had, in MB. */
  peak_mb: number
}

/** Runs a program that answers with one line of JSON; refuses one that finds what is not so. */
export function run(command: string, ...parameters: string[]): Took {
  const started = performance.now()
  const output = execFileSync(command, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  })
  const seconds = (performance.now() - started) / 1000
  const { holds, ...told } = JSON.parse(output) as Omit<Took, 'seconds'> & { holds: boolean }
  if (!holds) throw new Error(`${told.program} says of ${parameters.join(' ')} that it does not hold`)
  return { ...told, seconds }
}

/** The quickest of some runs, with the most memory of any. */
export function runOften(times: number, command: string, ...parameters: string[]): Took {
  const runs = Array.from({ length: times }, () => run(command, ...parameters))
  const [quickest] = runs.toSorted((a, b) => a.seconds - b.seconds)
  return { ...quickest!, peak_mb: Math.max(...runs.map((each) => each.peak_mb)) }
}

/** What a program of ours answers. */
export function answer(holds: boolean, program = 'modelyard'): void {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!
  const { user, system } = process.cpuUsage()
  const took = { program, cpu_seconds: (user + system) / 1e6, peak_mb: Number(kilobytes) / 1024 }
  console.log(JSON.stringify({ ...took, holds }))
}
