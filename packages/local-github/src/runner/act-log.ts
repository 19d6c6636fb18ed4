import { formatTime } from '../store/clock.ts'
import type { Annotation, Conclusion, Step } from '../store/entities.ts'
import { isNoise } from './act-noise.ts'
import { ActSteps, type StepEntry, type StepTitle } from './act-steps.ts'
import type { Masker } from './masker.ts'

export interface JobReport {
  conclusion: Conclusion
  steps: Step[]
  /** The log, a time and a text per line. */
  log: string
  /** The summaries of the job's steps, in markdown. */
  summary: string
  annotations: Annotation[]
  /** Knows what must not be shown: secrets, and what the job masked. */
  masker: Masker
}

interface Entry extends StepEntry {
  time?: string
  jobResult?: string
  kvPairs?: Record<string, string>
  arg?: string
  content?: string
}

/** GitHub drops a longer summary of one step, and says so. */
const MAX_SUMMARY = 1024 * 1024
/** GitHub keeps ten of each kind per step. */
const MAX_ANNOTATIONS = 10

/** Reads act's JSON lines into what GitHub would know of the job. */
export class ActLog {
  readonly #steps: ActSteps
  /** The index of what runs after the job's own steps, which GitHub has no line for. */
  readonly #after: string
  readonly #masker: Masker
  readonly #lines: string[] = []
  readonly #summaries: string[] = []
  readonly #annotations: Annotation[] = []
  readonly #counts = new Map<string, number>()
  #result: Conclusion | undefined
  #failed = false

  constructor(steps: StepTitle[], masker: Masker) {
    this.#masker = masker
    this.#steps = new ActSteps(steps)
    this.#after = String(steps.length)
  }

  line(text: string): void {
    let entry: Entry
    try {
      entry = JSON.parse(text) as Entry
    } catch {
      entry = { msg: text }
    }
    if (entry.command === 'add-mask' && entry.arg) this.#masker.add(entry.arg)
    else this.#write(entry)
    if (entry.command === 'summary') this.#summarize(entry.content ?? '')
    this.#annotate(entry)
    this.#steps.follow(entry, toUtc(entry.time), (text) => this.#masker.mask(text))
    if (entry.jobResult) this.#result = entry.jobResult as Conclusion
  }

  fail(message?: string): void {
    this.#failed = true
    if (message) this.line(JSON.stringify({ level: 'error', msg: message }))
  }

  finish(cancelled: boolean): JobReport {
    const conclusion = cancelled ? 'cancelled' : this.#failed ? 'failure' : (this.#result ?? 'failure')
    return {
      conclusion,
      steps: this.#steps.end(cancelled),
      log: this.#lines.join('\n'),
      summary: this.#summaries.join('\n\n'),
      annotations: this.#annotations,
      masker: this.#masker,
    }
  }

  #write(entry: Entry): void {
    const { msg = '', time, level, command, raw_output, stepID } = entry
    if (command === 'summary' || isNoise(entry)) return
    if (stepID?.[0] === this.#after && level !== 'error') return
    const mark = level === 'error' && !command && !raw_output ? '##[error]' : ''
    for (const line of this.#masker.mask(msg).split(/\r?\n/)) {
      if (line.trim()) this.#lines.push(`${toUtc(time)} ${mark}${line.trimEnd()}`)
    }
  }

  #summarize(content: string): void {
    if (Buffer.byteLength(content) <= MAX_SUMMARY) this.#summaries.push(this.#masker.mask(content).trimEnd())
    else {
      const size = Math.ceil(Buffer.byteLength(content) / 1024)
      const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}k`
      this.#annotations.push(toAnnotation('error', {}, message))
    }
  }

  #annotate({ command, kvPairs = {}, arg = '', stepID = [] }: Entry): void {
    if (command !== 'error' && command !== 'warning' && command !== 'notice') return
    const counter = `${stepID[0]} ${command}`
    const count = (this.#counts.get(counter) ?? 0) + 1
    this.#counts.set(counter, count)
    if (count > MAX_ANNOTATIONS) return
    const about = Object.fromEntries(Object.entries(kvPairs).map(([name, value]) => [name, this.#masker.mask(value)]))
    this.#annotations.push(toAnnotation(command, about, this.#masker.mask(arg)))
  }
}

/** What a workflow command says, as GitHub keeps it. */
export function toAnnotation(command: string, at: Record<string, string>, message: string): Annotation {
  const line = Number(at.line) || 1
  return {
    path: at.file || '.github',
    start_line: line,
    end_line: Number(at.endLine) || line,
    start_column: Number(at.col) || null,
    end_column: Number(at.endColumn) || null,
    annotation_level: command === 'error' ? 'failure' : (command as 'warning' | 'notice'),
    title: at.title ?? null,
    message,
    raw_details: null,
  }
}

function toUtc(time: string | undefined): string {
  const parsed = time ? new Date(time) : undefined
  return parsed && !Number.isNaN(parsed.getTime()) ? formatTime(parsed) : formatTime(new Date())
}
