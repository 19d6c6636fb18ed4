import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { WorkflowTemplate } from '@actions/workflow-parser'
import { parse } from 'yaml'

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

const parser = import('@actions/workflow-parser')

export type Mapping = Record<string, unknown>

/** A workflow file that GitHub would take: its events as its own parser reads them, the rest as plain YAML. */
export interface WorkflowFile {
  name: string
  events: WorkflowTemplate['events']
  raw: Mapping
  jobs: Record<string, Mapping>
}

export type ParsedWorkflow = { ok: true; workflow: WorkflowFile } | { ok: false; name: string; message: string }

/** Parses with GitHub's own parser; a file with errors gives them as one message, as the run would show it. */
export async function parseWorkflowFile(path: string, text: string): Promise<ParsedWorkflow> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await parser
  const { context, value } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter())
  const template = value && (await convertWorkflowTemplate(context, value))
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
