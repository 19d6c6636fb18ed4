import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a program took for a piece of work, start to end, in a process of its own. */
export interface Took {
  program: string
  seconds: number
  /** The most memory that the process had, in MB. */
  peak_mb: number
}

/** Runs a program that answers with one line of JSON; refuses one that finds what is not so. */
export function run(command: string, ...parameters: string[]): Took {
  const started = performance.now()
  const output = execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const seconds = (performance.now() - started) / 1000
  const { program, holds, peak_mb } = JSON.parse(output) as { program: string; holds: boolean; peak_mb: number }
  if (!holds) throw new Error(`${program} says of ${parameters.join(' ')} that it does not hold`)
  return { program, seconds, peak_mb }
}

/** The least time of some runs, with the most memory. */
export function runOften(times: number, command: string, ...parameters: string[]): Took {
  const runs = Array.from({ length: times }, () => run(command, ...parameters))
  return {
    program: runs[0]!.program,
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    peak_mb: Math.max(...runs.map((each) => each.peak_mb)),
  }
}

/** What a program of ours answers. */
export function answer(holds: boolean): void {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!
  console.log(JSON.stringify({ program: 'modelyard', holds, peak_mb: Number(kilobytes) / 1024 }))
}
