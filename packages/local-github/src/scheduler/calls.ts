import type { Hub } from '../hub.ts'
import { fullName } from '../store/store.ts'
import { callInputs, qualify } from './called-files.ts'
import { githubContext, scopeSecrets, visibleVariables } from './contexts.ts'
import type { Leg } from './expand.ts'
import { type Contexts, evaluateDeep } from './expressions.ts'
import { createScope, keyOf, type LiveJob, type LiveRun, type Scope } from './live-run.ts'
import { defaultsFor, statedPermissions } from './permissions.ts'
import { callDeclaration, type Mapping } from './workflow-file.ts'

/** The calls of a job: for each combination of its matrix, the jobs of the called workflow with what is given to it. */
export function expandCalls(hub: Hub, live: LiveRun, job: LiveJob, legs: readonly Leg[]): Scope[] {
  const { raw, scope } = job
  const { repo, sha } = live.run
  const from = scope.call?.file ?? { repository: fullName(hub.store.repositories.get(repo)!), sha }
  const { file, workflow } = live.called.get(qualify(String(raw.uses), from))!
  const { inputs = {} } = callDeclaration(workflow)
  const permissions =
    statedPermissions(raw.permissions ?? scope.workflow.raw.permissions) ??
    scope.call?.permissions ??
    defaultsFor(hub, repo)
  return legs.map(({ name, matrix, strategy, contexts }, index) =>
    createScope({
      workflow,
      source: file.text,
      inputs: callInputs(inputs, evaluateDeep(raw.with ?? {}, contexts) as Mapping),
      call: {
        job,
        key: legs.length > 1 ? `${keyOf(job)}(${index})` : keyOf(job),
        name: scope.call ? `${scope.call.name} / ${name}` : name,
        file,
        permissions,
        secrets: passedSecrets(raw.secrets, scopeSecrets(hub, live, scope), contexts),
        matrix,
        strategy,
        leases: undefined,
        cancelled: false,
      },
    }),
  )
}

/** What a called workflow's own `concurrency` may use. */
export function callContexts(hub: Hub, { run }: LiveRun, { inputs }: Scope): Contexts {
  return { github: githubContext(hub, run), inputs, vars: visibleVariables(hub, run) }
}

/** `inherit`: all that the caller has; else what is named, and nothing where that is nothing. */
function passedSecrets(stated: unknown, own: Record<string, string>, contexts: Contexts): Record<string, string> {
  if (stated === 'inherit') return own
  const passed = evaluateDeep(stated ?? {}, { ...contexts, secrets: own }) as Mapping
  return Object.fromEntries(Object.entries(passed).map(([name, value]) => [name, String(value ?? '')]))
}
