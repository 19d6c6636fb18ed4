import * as core from '@actions/core'
import { connect } from '@modelyard/github'
import { configureNative } from '@modelyard/native'
import { renderStepSummaries } from '@modelyard/report'
import { gravest, lets, recordDigest, type Statement } from '@modelyard/spec'
import { asUserError, endLeftWork, keepsLogsAsBranches, modelCache, type StepContext } from '@modelyard/steps'
import { readRunFacts } from './environment.ts'
import { type InputReaders, type Inputs, readInputs } from './inputs.ts'
import { annotate, workflowLog } from './log.ts'
import { artifactStore } from './store.ts'

/** What an action's work came to. */
export interface Result<Output extends string> {
  /** One value for each output of action.yml. */
  outputs: Record<Output, string>
  /** The records that were made: the job summary shows them. */
  records: Statement[]
  /** The job summary, where it is not that of the records. */
  summary?: string
  /** Whether the step ends red, and the sentence that says why. */
  failure?: string
}

/** An action: its inputs and outputs as in action.yml, and its work. */
export interface Action<R extends InputReaders, Output extends string> {
  inputs: R
  outputs: readonly Output[]
  main: (inputs: Inputs<R>, context: StepContext) => Promise<Result<Output>>
}

/** Runs an action from the environment of its step to outputs, summary and exit code. The one place that catches. */
export async function run<R extends InputReaders, Output extends string>({
  inputs,
  main,
}: Action<R, Output>): Promise<void> {
  try {
    const values = readInputs(inputs)
    configureNative({ log: core.info, cache: actionsCache })
    const result = await main(values, openContext(values))
    for (const [name, value] of Object.entries(result.outputs)) core.setOutput(name, value)
    await summarise(result.summary ?? renderStepSummaries(result.records))
    if (result.failure !== undefined) core.setFailed(result.failure)
  } catch (error) {
    await fail(error)
  }
  endLeftWork(Number(process.exitCode ?? 0))
}

/**
 * The result of a step that judges: the gravest verdict, each model's record by digest, and red
 * unless every record lets its candidate through.
 */
export function judged(records: Array<Statement<'validation' | 'training' | 'gate'>>): Result<'verdict' | 'records'> {
  const held = records.filter(({ predicate }) => !lets(predicate.verdict))
  return {
    outputs: {
      verdict: gravest(records.map(({ predicate }) => predicate.verdict)),
      records: JSON.stringify(
        records.map((record) => ({
          model: record.predicate.model,
          verdict: record.predicate.verdict,
          digest: recordDigest(record),
        })),
      ),
    },
    records,
    ...(held.length > 0
      ? { failure: held.map(({ predicate }) => predicate.reasons[0] ?? predicate.verdict).join('\n') }
      : {}),
  }
}

/** The one item of a list of one; undefined of any other. */
export function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}

function openContext(inputs: Record<string, unknown>): StepContext {
  const facts = readRunFacts(process.env)
  const {
    GITHUB_WORKSPACE: root = process.cwd(),
    GITHUB_API_URL: apiUrl,
    ACTIONS_ID_TOKEN_REQUEST_URL: mayAskIdentity,
  } = process.env
  const token = typeof inputs.token === 'string' ? inputs.token : ''
  const cache = modelCache(process.env)
  return {
    root,
    log: workflowLog,
    run: facts,
    store: artifactStore,
    cache: cache && { ...cache, warn: (message) => workflowLog.warn({ message }) },
    ...(token !== '' && facts.repository
      ? {
          github: connect({
            token,
            repository: facts.repository,
            branchesOnly: keepsLogsAsBranches(process.env),
            log: core.debug,
            ...(apiUrl ? { apiUrl } : {}),
          }),
        }
      : {}),
    ...(mayAskIdentity ? { identityToken: () => core.getIDToken('modelyard') } : {}),
  }
}

async function summarise(markdown: string): Promise<void> {
  if (markdown !== '' && process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write()
}

async function fail(error: unknown): Promise<void> {
  const mendable = asUserError(error)
  if (mendable) {
    const { problems, message } = mendable
    for (const problem of problems) annotate(problem)
    await summarise(
      `### ❌ ${problems.length === 1 ? 'One thing is' : `${problems.length} things are`} to be mended\n\n${fence(message)}`,
    )
    process.exitCode = core.ExitCode.Failure
    return
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  core.setFailed(`Modelyard itself failed: ${message}`)
  await core.group('Where it failed', async () => core.info(stack ?? message))
}

/** Text that may hold anything, as a block that markdown leaves alone. */
function fence(text: string): string {
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${ticks}text\n${text}\n${ticks}`
}

/** What `loadNative` fetched, kept between jobs by GitHub's cache; loaded when it is asked for. */
const actionsCache = {
  async restore(paths: string[], key: string): Promise<boolean> {
    const cache = await import('@actions/cache')
    if (!cache.isFeatureAvailable()) return false
    return (await cache.restoreCache(paths, key)) !== undefined
  },
  async save(paths: string[], key: string): Promise<void> {
    const cache = await import('@actions/cache')
    if (cache.isFeatureAvailable()) await cache.saveCache(paths, key)
  },
}
