import { resolve } from '../../git/git.ts'
import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { findWorkflows, workflowRow } from '../../scheduler/create-run.ts'
import { readDispatchInputs } from '../../scheduler/dispatch-inputs.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { Mapping } from '../../scheduler/workflow-file.ts'
import { repoApi, repoHtml } from '../../shapes/common.ts'
import { workflowShape } from '../../shapes/runs.ts'
import type { Repository, Workflow } from '../../store/entities.ts'

const MAX_CLIENT_PAYLOAD_KEYS = 10
/** In bytes. */
const MAX_CLIENT_PAYLOAD = 64 * 1024

/** A workflow by its id or the name of its file, on the default branch. */
export async function findWorkflow(hub: Hub, repo: Repository, name: string): Promise<Workflow> {
  const workflow = (await currentWorkflows(hub, repo)).find(
    (row) => String(row.id) === name || row.path === name || row.path.endsWith(`/${name}`),
  )
  if (!workflow) throw notFound()
  return workflow
}

/** Of the default branch, and those that had runs elsewhere. */
async function currentWorkflows(hub: Hub, repo: Repository): Promise<Workflow[]> {
  const sha = await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`)
  if (sha) for (const found of await findWorkflows(repo, sha)) workflowRow(hub, repo, found)
  return hub.store.workflows.filter((row) => row.repo === repo.id)
}

export function addWorkflowRoutes(app: App, hub: Hub, scheduler: Scheduler): void {
  app.get('/repos/:owner/:repo/actions/workflows', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const rows = await currentWorkflows(hub, repo)
    return c.json({ total_count: rows.length, workflows: page(c, rows).map((row) => workflowShape(hub, repo, row)) })
  })

  app.get('/repos/:owner/:repo/actions/workflows/:workflow', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(workflowShape(hub, repo, await findWorkflow(hub, repo, c.req.param('workflow'))))
  })

  for (const [verb, state] of [
    ['disable', 'disabled_manually'],
    ['enable', 'active'],
  ] as const) {
    app.put(`/repos/:owner/:repo/actions/workflows/:workflow/${verb}`, async (c) => {
      const repo = repoOf(hub, c, 'actions', 'write')
      const workflow = await findWorkflow(hub, repo, c.req.param('workflow'))
      hub.store.workflows.update(workflow, { state, updatedAt: hub.clock.now() })
      return c.body(null, 204)
    })
  }

  app.post('/repos/:owner/:repo/actions/workflows/:workflow/dispatches', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    const body = await bodyOf<{ ref: string; inputs: Record<string, unknown>; return_run_details: boolean }>(c)
    const workflow = await findWorkflow(hub, repo, c.req.param('workflow'))
    if (typeof body.ref !== 'string') throw unprocessable('Invalid request.\n\n"ref" wasn\'t supplied.')
    if (workflow.state !== 'active') throw unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    const ref = await fullRef(repo, body.ref)
    const sha = ref && (await resolve(repo.gitDir, ref))
    if (!ref || !sha) throw unprocessable(`No ref found for: ${body.ref}`)
    const found = (await findWorkflows(repo, sha)).find(({ path }) => path === workflow.path)
    if (!found) throw notFound()
    if (!found.parsed.ok) throw unprocessable(found.parsed.message)
    const trigger = dispatchTrigger(found.parsed.workflow.raw.on)
    if (trigger === undefined) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger")
    const inputs = readDispatchInputs((trigger?.inputs ?? {}) as never, body.inputs ?? {})
    if (!inputs.ok) throw unprocessable(inputs.message)
    const texts = Object.fromEntries(Object.entries(inputs.values).map(([name, value]) => [name, String(value)]))
    const [run] = await scheduler.handle({
      name: 'workflow_dispatch',
      repo,
      by: c.get('by'),
      payload: { inputs: texts, ref, workflow: workflow.path },
      ref,
      sha,
      headSha: sha,
      headBranch: ref.replace(/^refs\/(heads|tags)\//, ''),
      only: workflow.path,
      inputs: inputs.values,
    })
    if (!run) throw new ApiError(500, 'The workflow was not started.')
    if (!body.return_run_details) return c.body(null, 204)
    const run_url = `${repoApi(hub, repo)}/actions/runs/${run.id}`
    return c.json({ workflow_run_id: run.id, run_url, html_url: `${repoHtml(hub, repo)}/actions/runs/${run.id}` })
  })

  app.post('/repos/:owner/:repo/dispatches', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<{ event_type: string; client_payload: Record<string, unknown> }>(c)
    const { event_type: type, client_payload: payload = {} } = body
    if (typeof type !== 'string' || type === '')
      throw unprocessable('Invalid request.\n\n"event_type" wasn\'t supplied.')
    if (Object.keys(payload).length > MAX_CLIENT_PAYLOAD_KEYS) {
      throw unprocessable(
        `No more than ${MAX_CLIENT_PAYLOAD_KEYS} properties are allowed; ${Object.keys(payload).length} were supplied.`,
      )
    }
    if (Buffer.byteLength(JSON.stringify(payload)) >= MAX_CLIENT_PAYLOAD)
      throw unprocessable('client_payload is too large.')
    const ref = `refs/heads/${repo.defaultBranch}`
    const sha = await resolve(repo.gitDir, ref)
    if (!sha) throw notFound()
    await scheduler.handle({
      name: 'repository_dispatch',
      action: type,
      repo,
      by: c.get('by'),
      payload: { branch: repo.defaultBranch, client_payload: payload },
      ref,
      sha,
      headSha: sha,
      headBranch: repo.defaultBranch,
    })
    return c.body(null, 204)
  })
}

async function fullRef(repo: Repository, name: string): Promise<string | undefined> {
  const names = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`]
  for (const each of names) if (await resolve(repo.gitDir, each)) return each
  return undefined
}

/** Null where `workflow_dispatch` says nothing further, undefined where it is missing. */
function dispatchTrigger(on: unknown): Mapping | null | undefined {
  if (on === 'workflow_dispatch') return null
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? null : undefined
  return (on as Record<string, Mapping | null>).workflow_dispatch
}
