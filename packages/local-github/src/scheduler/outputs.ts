import type { Hub } from '../hub.ts'
import { githubContext, visibleVariables } from './contexts.ts'
import { evaluateDeep } from './expressions.ts'
import { type LiveJob, type LiveRun, resultOf, type Scope } from './live-run.ts'
import { callDeclaration } from './workflow-file.ts'

/** `needs` as a job sees it: the result and the outputs of each job that it names. */
export function needsContext(hub: Hub, live: LiveRun, { needs, scope }: LiveJob) {
  return jobsContext(hub, live, scope, needs)
}

function jobsContext(hub: Hub, live: LiveRun, { jobs }: Scope, keys: readonly string[]) {
  return Object.fromEntries(
    keys.map((key) => {
      const job = jobs.get(key)!
      return [key, { result: resultOf(job), outputs: outputsOf(hub, live, job) }]
    }),
  )
}

/** Of several rows, or calls, the last one that says something for a name is heard. */
function outputsOf(hub: Hub, live: LiveRun, { rows = [], calls }: LiveJob): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const own of calls?.map((scope) => callOutputs(hub, live, scope)) ?? rows.map(({ job }) => job.outputs)) {
    for (const [name, value] of Object.entries(own)) if (value !== '' || !(name in outputs)) outputs[name] = value
  }
  return outputs
}

/** What a called workflow's `outputs` say of its jobs. */
function callOutputs(hub: Hub, live: LiveRun, scope: Scope): Record<string, string> {
  const { outputs = {} } = callDeclaration(scope.workflow)
  const contexts = {
    github: githubContext(hub, live.run),
    inputs: scope.inputs,
    vars: visibleVariables(hub, live.run),
    jobs: jobsContext(hub, live, scope, [...scope.jobs.keys()]),
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      const value = evaluateDeep((output as { value: unknown }).value, contexts)
      return [name, value === null ? '' : String(value)]
    }),
  )
}
