import { resolve, showFile } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import type { CalledFile, Repository, Run } from '../store/entities.ts'
import { findRepository, fullName } from '../store/store.ts'
import { excessOf, type Permissions, statedPermissions } from './permissions.ts'
import { type Mapping, parseWorkflowFile, positionOfJob, type WorkflowFile } from './workflow-file.ts'

/** The files that a workflow calls, and that these call, by their reference. */
export type CalledFiles = ReadonlyMap<string, { file: CalledFile; workflow: WorkflowFile }>

/** A workflow file that may call others, and where it was read. */
export type CallingFile = Pick<CalledFile, 'repository' | 'path' | 'ref' | 'sha' | 'text'>

/** The caller and nine below it. */
const MAX_LEVELS = 10
/** The caller and fifty that are called. */
const MAX_FILES = 51

/** Why a workflow that calls others cannot start, in GitHub's words. */
export class CallError extends Error {}

/**
 * Reads every workflow that a file calls, and holds each call against what is called: it is there and may be seen,
 * declares what is given to it, and asks for no more than the calling job may. Rejects with CallError.
 */
export async function loadCalledFiles(hub: Hub, root: CallingFile, defaults: Permissions): Promise<CalledFiles> {
  const files = new Map<string, { file: CalledFile; workflow: WorkflowFile }>()
  const visited = new Set<string>()

  async function visit(from: CallingFile, limit: Permissions, chain: readonly string[]): Promise<void> {
    const seen = JSON.stringify([from.repository, from.path, from.sha, chain.length, limit])
    if (visited.has(seen)) return
    visited.add(seen)
    const caller = await parsed(from, chain)
    const calls = Object.entries(caller.jobs).filter(([, job]) => typeof job.uses === 'string')
    const found = new Map<string, { file: CalledFile; workflow: WorkflowFile; links: string[] }>()
    for (const [key, job] of calls) {
      const uses = String(job.uses)
      const file = await find(from, key, uses, chain)
      const links = [...chain, nameOf(uses, file)]
      const workflow = await parsed(file, links)
      if (!('workflow_call' in workflow.events))
        throw new CallError(notParsed(links, 'workflow is not reusable as it is missing a `on.workflow_call` trigger'))
      found.set(uses, { file, workflow, links })
      files.set(file.reference, { file, workflow })
      if (files.size >= MAX_FILES) throw new CallError(`The maximum file count of ${MAX_FILES} has been exceeded`)
    }
    // What is given to them is held against what they declare by the parser, which asks for their texts.
    await parsed(from, chain, (uses) => found.get(uses)?.file.text)
    for (const [key, job] of calls) {
      const { file, workflow, links } = found.get(String(job.uses))!
      const allowed = statedPermissions(job.permissions ?? caller.raw.permissions) ?? limit
      const excess = excessOf(workflow, allowed)
      if (excess !== undefined) {
        const at = `${from.path} ${positionOfJob(from.text, key)}`
        throw new CallError(`${at}: Error calling workflow '${file.reference}'. ${excess}`)
      }
      await visit(file, allowed, links)
    }
  }

  async function find(from: CallingFile, job: string, uses: string, chain: readonly string[]): Promise<CalledFile> {
    if (chain.length >= MAX_LEVELS) {
      const depth = `doing so would exceed the limit on called workflow depth of ${MAX_LEVELS}`
      throw new CallError(notParsed(chain, `job "${job}" calls workflow "${uses}", but ${depth}`))
    }
    const reference = qualify(uses, from)
    const file = files.get(reference)?.file ?? (await readCalled(hub, root.repository, reference))
    // One of the same repository goes by the ref that its caller came by.
    if (file) return reference === uses ? file : { ...file, ref: from.ref }
    throw new CallError(notParsed([...chain, nameOf(uses)], 'failed to fetch workflow: workflow was not found.'))
  }

  await visit(root, defaults, [`"${root.path}"`])
  return files
}

/** The files as a run keeps them, parsed again. */
export async function parseCalledFiles(run: Run): Promise<CalledFiles> {
  const files = await Promise.all((run.called ?? []).map(async (file) => ({ file, workflow: await parsed(file, []) })))
  return new Map(files.map((each) => [each.file.reference, each]))
}

/** `owner/repo/path@ref` of a call: one of the same repository is of the very commit that the caller is of. */
export function qualify(uses: string, from: Pick<CallingFile, 'repository' | 'sha'>): string {
  return /^[.$]\//.test(uses) ? `${from.repository}/${uses.slice(2)}@${from.sha}` : uses
}

async function parsed(file: CallingFile, chain: readonly string[], called?: (uses: string) => string | undefined) {
  const result = await parseWorkflowFile(file.path, file.text, called)
  if (result.ok) return result.workflow
  const why = result.message.replace(/^Invalid workflow file: /, '')
  throw new CallError(chain.length > 1 ? notParsed(chain, why) : why)
}

const REFERENCE = /^([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w. -]+\.ya?ml)@([^\s~^:?*[\\]+)$/

async function readCalled(hub: Hub, caller: string, reference: string): Promise<CalledFile | undefined> {
  const [, repository, path, version] = REFERENCE.exec(reference) ?? []
  const repo = repository === undefined ? undefined : findRepository(hub.store, repository)
  if (!repo || !path || !version || !isShared(hub, repo, caller)) return undefined
  // A tag goes before a branch of the same name.
  for (const ref of [`refs/tags/${version}`, `refs/heads/${version}`, version]) {
    const sha = await resolve(repo.gitDir, ref)
    if (sha === undefined) continue
    const text = await showFile(repo.gitDir, sha, path)
    const full = ref === version ? (version.startsWith('refs/') ? version : null) : ref
    return text === undefined ? undefined : { reference, repository: fullName(repo), path, ref: full, sha, text }
  }
  return undefined
}

/** Workflows of a private repository can be called from elsewhere only where its settings share them. */
function isShared(hub: Hub, repo: Repository, caller: string): boolean {
  if (!repo.private || fullName(repo).toLowerCase() === caller.toLowerCase()) return true
  const owner = caller.split('/')[0]!.toLowerCase()
  return repo.owner.toLowerCase() === owner && actionsSettings(hub.store, repo.id).access_level !== 'none'
}

function nameOf(uses: string, file?: CalledFile): string {
  if (!file) return `"${uses}"`
  const kind = file.ref?.startsWith('refs/tags/') ? 'tag' : 'branch'
  return `"${uses}" (source ${kind} with sha:${file.sha})`
}

function notParsed(chain: readonly string[], why: string): string {
  return `error parsing called workflow\n${chain.join('\n-> ')}\n: ${why}`
}

/** What a call gives to the workflow's inputs, typed as they are declared; throws where a value is of another type. */
export function callInputs(declared: Mapping, given: Mapping): Record<string, unknown> {
  const lower = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  return Object.fromEntries(
    Object.entries(declared).map(([name, definition]) => {
      const { type, default: fallback } = definition as { type: 'string' | 'boolean' | 'number'; default?: unknown }
      return [name, typedInput(name, type, lower.get(name.toLowerCase()) ?? fallback)]
    }),
  )
}

function typedInput(name: string, type: 'string' | 'boolean' | 'number', value: unknown): unknown {
  if (value === undefined || value === null) return { string: '', boolean: false, number: 0 }[type]
  if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (typeof value === type) return value
  throw new Error(`The template is not valid. Unexpected value '${String(value)}' for the input '${name}'`)
}
