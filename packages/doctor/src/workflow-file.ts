import { parse } from 'yaml'

/** What the doctor looks at in a workflow file. */
export interface WorkflowFile {
  /** From the repository's root: `.github/workflows/release.yml`. */
  path: string
  /** Why it cannot be read; then there is nothing else. */
  problem: string | null
  triggers: string[]
  /** What other workflows and GitHub's page call it: its `name`, or else its path. */
  name: string
  /** The names of the workflows whose runs it answers (`on.workflow_run`). */
  answers: string[]
  /** The cron lines of `on.schedule`. */
  crons: string[]
  /** Whether the workflow says what its token may, for all jobs or for each. */
  saysPermissions: boolean
  /** Actions and reusable workflows: `actions/checkout@v6`. */
  uses: string[]
  /** The labels that each job asks of its runner, where they are written out. */
  runsOn: string[][]
}

/** Reads one workflow file. What it holds in places where something else belongs is left out: GitHub says so itself. */
export function readWorkflow(path: string, text: string): WorkflowFile {
  const nothing = {
    path,
    triggers: [],
    name: path,
    answers: [],
    crons: [],
    saysPermissions: false,
    uses: [],
    runsOn: [],
  }
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    return { ...nothing, problem: (error as Error).message.split('\n')[0]! }
  }
  if (!isMapping(document)) return { ...nothing, problem: 'it is no mapping' }
  const jobs = Object.values(mapping(document.jobs)).filter(isMapping)
  const steps = jobs.flatMap((job) => list(job.steps)).filter(isMapping)
  return {
    path,
    problem: null,
    triggers: triggersOf(document.on),
    name: typeof document.name === 'string' ? document.name : path,
    answers: texts([mapping(mapping(document.on).workflow_run).workflows].flat()),
    crons: list(mapping(document.on).schedule).flatMap((each) => texts([mapping(each).cron])),
    saysPermissions:
      document.permissions !== undefined || (jobs.length > 0 && jobs.every((job) => job.permissions !== undefined)),
    uses: texts([...jobs, ...steps].map(({ uses }) => uses)),
    runsOn: jobs.flatMap((job) => labelsOf(job['runs-on'])),
  }
}

/** Whether it uses an action of Modelyard: any, or one of these. */
export function usesModelyard({ uses }: WorkflowFile, ...actions: string[]): boolean {
  return uses.some((each) => {
    const action = /^modelyard\/modelyard\/actions\/([\w-]+)@/.exec(each)?.[1]
    return action !== undefined && (actions.length === 0 || actions.includes(action))
  })
}

type Mapping = Record<string, unknown>

function triggersOf(on: unknown): string[] {
  return isMapping(on) ? Object.keys(on) : texts([on].flat())
}

/** Labels that an expression makes are known only when the job runs. */
function labelsOf(runsOn: unknown): string[][] {
  const labels = texts([isMapping(runsOn) ? runsOn.labels : runsOn].flat())
  return labels.length === 0 || labels.some((label) => label.includes('${{')) ? [] : [labels]
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapping(value: unknown): Mapping {
  return isMapping(value) ? value : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function texts(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
