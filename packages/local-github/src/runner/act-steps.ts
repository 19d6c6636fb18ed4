import type { Conclusion, Step } from '../store/entities.ts'

/** One step as it was written: `name` is what it is called there, or what GitHub calls it by what it does. */
export interface StepTitle {
  id?: string
  name: string
  isNamed: boolean
}

/** What act says of how far a step is. */
export interface StepEntry {
  msg?: string
  level?: string
  stage?: string
  /** The step's id or index, and those of the steps within it. */
  stepID?: string[]
  /** The same of the job's own first and last step. */
  stepid?: string[]
  /** The step's evaluated name; where it has none, its `uses` or its `run`. */
  step?: string
  stepResult?: string
  raw_output?: boolean
  command?: string
}

type Row = { -readonly [K in keyof Step]: Step[K] } & { key: string; isNamed: boolean }

const SET_UP = '--setup-job'
const COMPLETE = '--complete-job'
/** act says so of a step that may fail; the result that it tells next is the outcome, not the conclusion. */
const GOES_ON = 'Failed but continue next step'

/** The steps of one job as they go on: those that were written, between the two in which GitHub sets up and completes. */
export class ActSteps {
  readonly #rows: Row[]

  constructor(titles: StepTitle[]) {
    const all = [
      { key: SET_UP, name: 'Set up job', isNamed: true },
      ...titles.map(({ id, name, isNamed }, index) => ({ key: id ?? String(index), name, isNamed })),
      { key: COMPLETE, name: 'Complete job', isNamed: true },
    ]
    this.#rows = all.map((each, index) => ({
      ...each,
      number: index + 1,
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
    }))
  }

  /** Follows an entry of act's log; `mask` hides secrets in the names of steps. */
  follow(entry: StepEntry, at: string, mask: (text: string) => string): void {
    const { stage, stepID, stepid, step: name, stepResult, level, msg } = entry
    const isAct = !entry.raw_output && entry.command === undefined
    // What an action needs is fetched as the job is set up.
    if (stage === 'Pre' && level === 'error' && isAct) this.#find(SET_UP)!.conclusion = 'failure'
    const [key, ...inner] = (stage === 'Main' ? stepID : stage === undefined ? stepid : undefined) ?? []
    const row = key !== undefined && inner.length === 0 ? this.#find(key) : undefined
    if (!row) return
    if (row.status === 'queued') {
      row.status = 'in_progress'
      row.startedAt = at
      if (name) row.name = mask(row.isNamed ? name : `Run ${name.trim().split('\n')[0]}`)
    }
    if (msg === GOES_ON && isAct) row.conclusion = 'success'
    if (stepResult) {
      row.status = 'completed'
      row.conclusion ??= stepResult as Conclusion
      row.completedAt = at
    }
  }

  /** The steps once the job has ended: what was not begun was skipped. */
  end(cancelled: boolean): Step[] {
    return this.#rows.map(({ key: _key, isNamed: _isNamed, ...step }) => {
      const unfinished = step.status === 'in_progress' ? (cancelled ? 'cancelled' : 'failure') : 'skipped'
      return { ...step, status: 'completed', conclusion: step.conclusion ?? unfinished }
    })
  }

  #find(wanted: string): Row | undefined {
    return this.#rows.find(({ key }) => key === wanted)
  }
}
