import { formatTime } from '../store/clock.ts'
import type { Annotation, Conclusion, Step } from '../store/entities.ts'

export interface JobReport {
  conclusion: Conclusion
  steps: Step[]
  /** The log, a time and a text per line. */
  log: string
  /** The summaries of the job's steps, in markdown. */
  summary: string
  annotations: Annotation[]
  /** What must not be shown: secrets, and what the job masked. */
  masks: string[]
}

interface Entry {
  msg?: string
  level?: string
  time?: string
  stage?: string
  stepID?: string[]
  raw_output?: boolean
  stepResult?: string
  jobResult?: string
  command?: string
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
  readonly #steps: ({ -readonly [K in keyof Step]: Step[K] } & { key: string })[]
  readonly #masks: string[]
  readonly #lines: string[] = []
  readonly #summaries: string[] = []
  readonly #annotations: Annotation[] = []
  readonly #counts = new Map<string, number>()
  #result: Conclusion | undefined
  #failed = false

  constructor(steps: { id?: string; name: string }[], secrets: string[]) {
    this.#masks = secrets.filter(Boolean)
    this.#steps = steps.map(({ id, name }, index) => ({
      key: id ?? String(index),
      name,
      number: index + 1,
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
    }))
  }

  line(text: string): void {
    let entry: Entry
    try {
      entry = JSON.parse(text) as Entry
    } catch {
      entry = { msg: text }
    }
    if (entry.command === 'add-mask' && entry.arg) this.#masks.push(...entry.arg.split(/[\r\n]+/).filter(Boolean))
    else this.#write(entry)
    if (entry.command === 'summary') this.#summarize(entry.content ?? '')
    this.#annotate(entry)
    this.#progress(entry)
    if (entry.jobResult) this.#result = entry.jobResult as Conclusion
  }

  fail(message?: string): void {
    this.#failed = true
    if (message) this.line(JSON.stringify({ level: 'error', msg: message }))
  }

  finish(cancelled: boolean): JobReport {
    const conclusion = cancelled ? 'cancelled' : this.#failed ? 'failure' : (this.#result ?? 'failure')
    const steps = this.#steps.map(({ key: _key, ...step }): Step => {
      const unfinished = step.status === 'in_progress' ? (cancelled ? 'cancelled' : 'failure') : 'skipped'
      return { ...step, status: 'completed', conclusion: step.conclusion ?? unfinished }
    })
    return {
      conclusion,
      steps,
      log: this.#lines.join('\n'),
      summary: this.#summaries.join('\n\n'),
      annotations: this.#annotations,
      masks: this.#masks,
    }
  }

  /** The steps as far as they are known now. */
  get steps(): Step[] {
    return this.#steps.map(({ key: _key, ...step }) => step)
  }

  #write({ msg = '', time, level, command, raw_output }: Entry): void {
    if (command === 'summary') return
    const mark = level === 'error' && !command && !raw_output ? '##[error]' : ''
    for (const line of this.#mask(msg).split(/\r?\n/)) {
      if (line.trim()) this.#lines.push(`${toUtc(time)} ${mark}${line.trimEnd()}`)
    }
  }

  #summarize(content: string): void {
    if (Buffer.byteLength(content) <= MAX_SUMMARY) this.#summaries.push(this.#mask(content).trimEnd())
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
    if (count <= MAX_ANNOTATIONS) this.#annotations.push(toAnnotation(command, kvPairs, this.#mask(arg)))
  }

  #progress({ stage, stepID, stepResult, time }: Entry): void {
    if (stage !== 'Main' || stepID?.length !== 1) return
    const step = this.#steps.find(({ key }) => key === stepID[0])
    if (!step) return
    if (step.status === 'queued') {
      step.status = 'in_progress'
      step.startedAt = toUtc(time)
    }
    if (stepResult) {
      step.status = 'completed'
      step.conclusion = stepResult as Conclusion
      step.completedAt = toUtc(time)
    }
  }

  #mask(text: string): string {
    return this.#masks.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
  }
}

function toAnnotation(command: string, at: Record<string, string>, message: string): Annotation {
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
