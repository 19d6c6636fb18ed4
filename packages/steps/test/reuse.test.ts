import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { artifactName, parseModelFile, sha256, statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import type { StepContext } from '../src/context.ts'
import { findTrained } from '../src/reuse.ts'

const SHA = 'a'.repeat(40)
const IDENTITY = 'd'.repeat(64)
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

const RUN = {
  ...{ id: 42, run_attempt: 1, html_url: 'https://github.test/runs/42', head_sha: SHA, conclusion: 'success' },
  ...{ event: 'schedule', head_branch: 'main', head_repository: { full_name: 'acme/models' } },
}

interface Asked {
  found: unknown
  paths: string[]
  said: string[]
}

/**
 * Looks for a trained model where GitHub says that a pull request from `head` was merged, whose newest commit says
 * `message`, which may name the run 42, whose training left `artifact`; answers with what was asked.
 */
async function asked(
  head: string,
  {
    trusted = true,
    message = 'm',
    run = {},
    artifact,
    folder = '.',
  }: { trusted?: boolean; message?: string; run?: object; artifact?: Buffer; folder?: string } = {},
): Promise<Asked> {
  const paths: string[] = []
  const said: string[] = []
  const pull = {
    ...{ number: 3, title: 't', html_url: '', user: { login: 'x' }, merged_at: '2026-01-01T00:00:00Z' },
    ...{ merge_commit_sha: SHA, head: { sha: 'b'.repeat(40), repo: { full_name: head } }, base: { ref: 'main' } },
  }
  const answers: Array<[RegExp, unknown]> = [
    [/\/pulls$/, [pull]],
    [/\/git\/commits\//, { tree: { sha: SHA }, parents: [], message }],
    [/\/actions\/runs\/42$/, { ...RUN, ...run }],
    [/\/artifacts\/9\/zip$/, artifact],
    [
      /\/artifacts$/,
      { total_count: 0, artifacts: artifact ? [{ id: 9, name: artifactName('m', 'training'), size_in_bytes: 1 }] : [] },
    ],
    [/\/actions\/runs$/, { total_count: 0, workflow_runs: [] }],
    [/\/models$/, { default_branch: 'main' }],
  ]
  const github = connect({
    token: 't',
    repository: 'acme/models',
    apiUrl: 'http://github.test',
    fetch: async (input) => {
      const { pathname } = new URL(String(input))
      paths.push(pathname.replace('/repos/acme/models', ''))
      const body = answers.find(([path]) => path.test(pathname))?.[1]
      const answer = Buffer.isBuffer(body) ? new Response(new Uint8Array(body)) : Response.json(body)
      return Object.defineProperty(answer, 'url', { value: String(input) })
    },
  })
  const context = {
    github,
    run: { trusted, commit: SHA, repository: 'acme/models' },
    log: { info: (message: string) => said.push(message) },
  } as unknown as StepContext
  return { found: await findTrained(context, { ...model, folder }, IDENTITY), paths, said }
}

describe('what a merged pull request trained', () => {
  it('is looked for in the runs of this repository', async () => {
    const { paths } = await asked('acme/models')
    expect(paths.slice(0, 2)).toEqual([`/commits/${SHA}/pulls`, '/actions/runs'])
    expect(paths).not.toContain('/actions/runs/42/artifacts')
  })

  it('is never taken from a fork', async () => {
    const { found, paths, said } = await asked('mallory/models')
    expect(found).toBeUndefined()
    expect(paths).toEqual([`/commits/${SHA}/pulls`])
    expect(said).toEqual(['Pull request #3 came from a fork, whose records are claims: training.'])
  })

  it('is not even looked for where the run is not the default branch’s', async () => {
    expect((await asked('acme/models', { trusted: false })).paths).toEqual([])
  })

  it('is looked for in the check for drift that the commit names, too', async () => {
    const { paths } = await asked('acme/models', { message: 'Retrain\n\nTrained-In: 42\n' })
    expect(paths).toContain('/actions/runs/42/artifacts')
  })

  it.each([
    ['where a gate asked for it', { training_seconds: 5400 }, {}],
    ['where none asked', {}, { training_seconds: 5400 }],
  ])('lies in place afterwards, with how long that run trained, %s: nobody else knows', async (_, said, run) => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-reuse-'))
    const when = '2026-01-01T00:00:00.000Z'
    const record = statement('training', [], {
      ...{ model: 'm', verdict: 'pass', reasons: [], identity: IDENTITY, command: 'true', code: [], data: [] },
      ...{
        source: { tree: null, dirty: false },
        engine: { modelyard: '0.1.0' },
        signature: { inputs: [], outputs: [] },
      },
      ...said,
      run: { started: when, finished: when, ...run },
      artifact: { name: 'out.onnx', sha256: sha256('bytes'), bytes: 5 },
      predictions: null,
    })
    const artifact = zip({ 'training.json': JSON.stringify(record), 'model.onnx': 'bytes' })
    const { found } = await asked('acme/models', { message: 'Retrain\n\nTrained-In: 42\n', artifact, folder })
    expect(found).toEqual({ url: 'https://github.test/runs/42', seconds: 5400 })
    expect(await readFile(join(folder, 'out.onnx'), 'utf8')).toBe('bytes')
  })

  it.each([
    ['a pull request’s', { event: 'pull_request' }],
    ['another branch’s', { head_branch: 'sneak' }],
    ['a fork’s', { head_repository: { full_name: 'mallory/models' } }],
  ])('is not taken from a run that the commit names and that is %s', async (_, run) => {
    const { paths } = await asked('acme/models', { message: 'Retrain\n\nTrained-In: 42\n', run })
    expect(paths).toContain('/actions/runs/42')
    expect(paths).not.toContain('/actions/runs/42/artifacts')
  })
})
