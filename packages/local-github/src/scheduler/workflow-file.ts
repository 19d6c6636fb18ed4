import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { convertWorkflowTemplate, WorkflowTemplate } from '@actions/workflow-parser'
import { isMap, isNode, LineCounter, parse, parseDocument } from 'yaml'

// The package imports two JSON files without the attribute that Node asks for: they are handed over as modules.
registerHooks({
  load(url, context, next) {
    if (!/\/@actions\/workflow-parser\/dist\/[\w.-]+\.json$/.test(url)) return next(url, context)
    return {
      format: 'module',
      shortCircuit: true,
      source: `export default ${readFileSync(fileURLToPath(url), 'utf8')}`,
    }
  },
})

/** Loaded when the first workflow is read: it is a third of what a start would load. */
const loadParser = () => import('@actions/workflow-parser')

type FileProvider = NonNullable<Parameters<typeof convertWorkflowTemplate>[2]>

export type Mapping = Record<string, unknown>

/** A workflow file that GitHub would take: its events as its own parser reads them, the rest as plain YAML. */
export interface WorkflowFile {
  name: string
  events: WorkflowTemplate['events']
  raw: Mapping
  jobs: Record<string, Mapping>
}

export type ParsedWorkflow = { ok: true; workflow: WorkflowFile } | { ok: false; name: string; message: string }

/**
 * Parses with GitHub's own parser; a file with errors gives them as one message, as the run would show it. Where the
 * texts of the workflows that it calls are given, by what stands behind `uses:`, each call is held against its own.
 */
export async function parseWorkflowFile(
  path: string,
  text: string,
  called?: (uses: string) => string | undefined,
): Promise<ParsedWorkflow> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await loadParser()
  const { context, value } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter())
  const files: FileProvider = {
    getFileContent: async (reference) => {
      const { path: name } = reference
      if ('owner' in reference) {
        const { owner, repository, version } = reference
        return { name, content: called?.(`${owner}/${repository}/${name}@${version}`) ?? '' }
      }
      return { name, content: called?.(`./${name}`) ?? called?.(`$/${name}`) ?? '' }
    },
  }
  const options = { fetchReusableWorkflowDepth: called ? 1 : 0 }
  const template = value && (await convertWorkflowTemplate(context, value, files, options))
  const errors = context.errors.getErrors().map((error) => error.message)
  if (errors.length > 0 || !template) {
    return { ok: false, name: path, message: `Invalid workflow file: ${errors.join('; ')}` }
  }
  const raw = parse(text) as Mapping
  return {
    ok: true,
    workflow: {
      name: typeof raw.name === 'string' ? raw.name : path,
      events: template.events,
      raw,
      jobs: raw.jobs as Record<string, Mapping>,
    },
  }
}

/** What a workflow that can be called declares. From the file itself: GitHub's parser drops some of it. */
export function callDeclaration({ raw }: WorkflowFile): { inputs?: Mapping; outputs?: Mapping } {
  const on = raw.on as { workflow_call?: Mapping | null }
  return (typeof on === 'object' && !Array.isArray(on) && on.workflow_call) || {}
}

/** `(Line: 7, Col: 3)`: where a job's key stands in the text of its file. */
export function positionOfJob(text: string, job: string): string {
  const lines = new LineCounter()
  const jobs = parseDocument(text, { lineCounter: lines }).get('jobs')
  const pair = isMap(jobs) ? jobs.items.find(({ key }) => String(key) === job) : undefined
  const start = isNode(pair?.key) ? pair.key.range?.[0] : undefined
  const { line, col } = lines.linePos(start ?? 0)
  return `(Line: ${line}, Col: ${col})`
}
