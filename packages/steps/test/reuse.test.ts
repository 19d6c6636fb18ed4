import { connect } from '@modelyard/github'
import { parseModelFile } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { findTrained } from '../src/reuse.ts'

const SHA = 'a'.repeat(40)
const model = parseModelFile(
  `
name: m
task: regression
data: { train: a.csv, holdout: b.csv, label: y }
train: { run: "true", inputs: [a.csv], model: out.onnx }
evaluate: { metrics: [mae], gates: [{ metric: mae, max: 1 }] }
`,
  'model.yaml',
)

/** Looks for a trained model where GitHub says that a pull request from `head` was merged; answers with what was asked. */
async function asked(head: string, trusted = true): Promise<{ found: unknown; paths: string[]; said: string[] }> {
  const paths: string[] = []
  const said: string[] = []
  const github = connect({
    token: 't',
    repository: 'acme/models',
    apiUrl: 'http://github.test',
    fetch: async (input) => {
      const { pathname } = new URL(String(input))
      const answer = (body: unknown) => Object.defineProperty(Response.json(body), 'url', { value: String(input) })
      paths.push(pathname)
      if (!pathname.endsWith('/pulls')) return answer({ total_count: 0, workflow_runs: [] })
      const repo = { full_name: head }
      return answer([
        {
          ...{ number: 3, title: 't', html_url: '', user: { login: 'x' }, merged_at: '2026-01-01T00:00:00Z' },
          ...{ merge_commit_sha: SHA, head: { sha: 'b'.repeat(40), repo }, base: { ref: 'main' } },
        },
      ])
    },
  })
  const context = {
    github,
    run: { trusted, commit: SHA, repository: 'acme/models' },
    log: { info: (message: string) => said.push(message) },
  } as unknown as StepContext
  return { found: await findTrained(context, model, 'identity'), paths, said }
}

describe('what a merged pull request trained', () => {
  it('is looked for in the runs of this repository', async () => {
    const { paths } = await asked('acme/models')
    expect(paths).toEqual([`/repos/acme/models/commits/${SHA}/pulls`, '/repos/acme/models/actions/runs'])
  })

  it('is never taken from a fork', async () => {
    const { found, paths, said } = await asked('mallory/models')
    expect(found).toBeUndefined()
    expect(paths).toEqual([`/repos/acme/models/commits/${SHA}/pulls`])
    expect(said).toEqual(['Pull request #3 came from a fork, whose records are claims: training.'])
  })

  it('is not even looked for where the run is not the default branch’s', async () => {
    expect((await asked('acme/models', false)).paths).toEqual([])
  })
})
