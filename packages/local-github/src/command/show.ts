import { styleText } from 'node:util'
import type { LogEvent } from '../hub.ts'

/** Where the command writes; a test gives it another. */
export interface Out {
  write: (text: string) => unknown
}

type Style = Parameters<typeof styleText>[0]

const MARKS: Record<string, [string, Style]> = {
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  startup_failure: ['✗', 'red'],
  cancelled: ['■', 'yellow'],
  skipped: ['–', 'dim'],
  waiting: ['⏸', 'yellow'],
  in_progress: ['▶', 'cyan'],
}

export function mark(status: string): string {
  const [sign, style] = MARKS[status] ?? ['·', 'dim']
  return styleText(style, sign)
}

/** One line for what happened. */
export function eventLine(event: LogEvent): string {
  if (event.kind === 'git') return `${mark('')} ${event.actor} pushed ${event.ref} (${event.after.slice(0, 7)})`
  const state = event.conclusion ?? event.status
  const line = `${mark(state)} ${event.name}: ${state.replace('_', ' ')}`
  if (event.kind === 'job') return line
  return `${line}  ${styleText('dim', event.url)}${event.message ? `\n  ${event.message.trim().replaceAll('\n', '\n  ')}` : ''}`
}

export interface ShownJob {
  name: string
  conclusion: string
  seconds: number
}

/** The jobs of a run as a table. */
export function jobTable(jobs: ShownJob[]): string {
  const width = Math.max(...jobs.map(({ name }) => name.length), 3)
  return jobs
    .map(
      ({ name, conclusion, seconds }) =>
        `${mark(conclusion)} ${name.padEnd(width)}  ${conclusion.padEnd(9)}  ${seconds} s`,
    )
    .join('\n')
}

/** A job's log without the times of its lines. */
export function logText(log: string): string {
  return log.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
}
