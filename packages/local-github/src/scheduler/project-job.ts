import { Lexer } from '@actions/expressions'
import { parse, stringify } from 'yaml'
import { escapeText, literal } from './literal.ts'
import { splitTemplate } from './template.ts'

/** What is known of a job when it is released; everything is plain JSON. */
export interface ReleasedJob {
  needs: Record<string, { result: string; outputs: Record<string, string> }>
  matrix: Record<string, unknown> | null
  strategy: Record<string, unknown>
  inputs: Record<string, unknown>
  /** The job's evaluated name. */
  name: string
  /** The event that the projected workflow answers to. */
  event: string
  /** What `github.workflow` says: of the workflow that the run follows, whichever file the job is from. */
  workflow: string
  /** Members of the `github` and `runner` contexts that act does not fill. */
  github?: Record<string, string>
  runner?: Record<string, string>
  /** Where the last step writes the job's results, see `readResults`. */
  resultsFile: string
}

/** The label that act is told to run on this machine (`-P`). */
export const RUNNER_LABEL = 'local-github'

type Mapping = Record<string, unknown>
/** Names that stand for a known value: whole contexts, and single members of contexts that act fills otherwise. */
interface Known {
  contexts: Map<string, string>
  members: Map<string, string>
}

// What act understands of a job and the scheduler has not settled already.
const JOB_KEYS = ['env', 'defaults']
const CONTAINERS = ['container', 'services']

/**
 * Turns a workflow and one released job of it into a workflow of that one job that act can run: the contexts that
 * the scheduler knows (`needs`, `matrix`, `strategy`, `inputs`) become literals inside the expressions, what the
 * scheduler has settled (`if`, `environment`, `concurrency`, `permissions`, …) is gone, and a last step writes the
 * job's outputs to a file. Steps are otherwise as they were written.
 *
 * A job that act could not run as GitHub does (in a container, with `case()`) is an error that says so.
 *
 * A literal is `fromJSON('…')` with every brace, dollar and quote inside its strings escaped, so a hostile value can
 * end neither the string nor the expression: it stays data.
 */
export function projectJob(workflowText: string, jobId: string, released: ReleasedJob): string {
  const workflow = parse(workflowText) as Mapping
  const job = (workflow.jobs as Record<string, Mapping | undefined>)[jobId]
  if (!job) throw new Error(`The workflow has no job ${jobId}.`)
  const needed = CONTAINERS.find((key) => job[key])
  if (needed) throw new Error(`The job ${jobId} asks for \`${needed}\`: this server runs jobs without containers.`)
  const known = knownNames(released)
  const steps = (job.steps as Mapping[]).map((step) => rewriteStep(step, known))
  const kept = Object.fromEntries(JOB_KEYS.filter((key) => key in job).map((key) => [key, rewrite(job[key], known)]))
  const projected = {
    name: released.workflow,
    on: released.event,
    ...('env' in workflow ? { env: rewrite(workflow.env, known) } : {}),
    ...('defaults' in workflow ? { defaults: rewrite(workflow.defaults, known) } : {}),
    jobs: {
      [jobId]: {
        name: escapeText(released.name),
        'runs-on': RUNNER_LABEL,
        ...kept,
        steps: [...steps, resultsStep(job, known, released.resultsFile)],
      },
    },
  }
  // YAML 1.1 is what act reads: quoted there is quoted everywhere (`on`, `yes`, `010`).
  return stringify(projected, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}

/** The names behind the values that the last step writes, in its order: the outputs, then the environment's URL. */
export function resultNames(job: Mapping): { outputs: string[]; hasUrl: boolean } {
  const environment = job.environment as Mapping | string | undefined
  return {
    outputs: Object.keys((job.outputs as Mapping | undefined) ?? {}),
    hasUrl: typeof environment === 'object' && environment !== null && 'url' in environment,
  }
}

/** Reads what the last step wrote: values in order, each ended by a NUL. */
export function readResults(job: Mapping, bytes: string): { outputs: Record<string, string>; url: string | undefined } {
  const values = bytes.split('\0')
  const { outputs, hasUrl } = resultNames(job)
  return {
    outputs: Object.fromEntries(outputs.map((name, index) => [name, values[index] ?? ''])),
    url: hasUrl ? values[outputs.length] : undefined,
  }
}

export const RESULTS_STEP = 'Collect the outputs of the job'

function resultsStep(job: Mapping, known: Known, file: string): Mapping {
  const { hasUrl } = resultNames(job)
  const values = [
    ...Object.values((job.outputs as Mapping | undefined) ?? {}),
    ...(hasUrl ? [(job.environment as Mapping).url] : []),
  ]
  const names = values.map((_, index) => `LOCAL_GITHUB_RESULT_${index}`)
  const print = names.length ? `printf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}` : ':'
  return {
    name: RESULTS_STEP,
    if: 'always()',
    shell: 'sh',
    // The job's own default may be a folder that is not there.
    'working-directory': '/',
    env: {
      ...Object.fromEntries(values.map((value, index) => [names[index], rewrite(String(value ?? ''), known)])),
      LOCAL_GITHUB_RESULTS: file,
    },
    run: `${print} > "$LOCAL_GITHUB_RESULTS"`,
  }
}

function rewriteStep(step: Mapping, known: Known): Mapping {
  const rewritten = rewrite(step, known) as Mapping
  const condition = step.if
  if (typeof condition === 'string' && !condition.includes('${{')) rewritten.if = rewriteExpression(condition, known)
  return rewritten
}

/** Every text inside a YAML value with the known names inside its `${{ }}` replaced. */
function rewrite(value: unknown, known: Known): unknown {
  if (typeof value === 'string') {
    return splitTemplate(value)
      .map(({ kind, text }) => (kind === 'text' ? text : `\${{ ${rewriteExpression(text, known)} }}`))
      .join('')
  }
  if (Array.isArray(value)) return value.map((item) => rewrite(item, known))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, known)]))
}

const DOT = 6
const IDENTIFIER = 19
const LEFT_PAREN = 1

function rewriteExpression(expression: string, { contexts, members }: Known): string {
  const tokens = locate(expression)
  let result = ''
  let from = 0
  tokens.forEach((token, index) => {
    if (token.type !== IDENTIFIER) return
    if (tokens[index - 1]?.type === DOT) return
    const name = token.lexeme.toLowerCase()
    const isCall = tokens[index + 1]?.type === LEFT_PAREN
    if (isCall && name === 'case')
      throw new Error(`act does not know case(): write the expression \`${expression.trim()}\` with && and ||.`)
    if (isCall) return
    const member = tokens[index + 1]?.type === DOT ? tokens[index + 2] : undefined
    const whole = contexts.get(name)
    const part = member && members.get(`${name}.${member.lexeme.toLowerCase()}`)
    const literal = whole ?? part
    if (literal === undefined) return
    result += expression.slice(from, token.start) + literal
    from = whole === undefined ? member!.end : token.end
  })
  return result + expression.slice(from)
}

/** GitHub's own tokens with their offsets; the lexer's line and column go wrong after a line end inside a string. */
function locate(expression: string) {
  let at = 0
  return new Lexer(expression).lex().tokens.map(({ type, lexeme }) => {
    const start = expression.indexOf(lexeme, at)
    at = start + lexeme.length
    return { type: type as number, lexeme, start, end: at }
  })
}

function knownNames({ needs, matrix, strategy, inputs, github = {}, runner = {} }: ReleasedJob): Known {
  const members = (context: string, values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => [`${context}.${name.toLowerCase()}`, literal(value)] as const)
  return {
    contexts: new Map(
      Object.entries({ needs, matrix, strategy, inputs }).map(([name, value]) => [name, literal(value)]),
    ),
    members: new Map([...members('github', github), ...members('runner', runner)]),
  }
}
