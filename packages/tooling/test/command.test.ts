import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../src/paths.ts'
import { writeCommand } from '../src/release/command-package.ts'

const run = promisify(execFile)
const OWN = { sha: '0123456789abcdef0123456789abcdef01234567', version: 'v1.2.3' }

describe('the npm package of the command', { timeout: 60_000 }, () => {
  let folder: string
  let program: string
  let installed: string

  /** Packed, and installed from the tarball alone: no registry is asked for anything. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelyard-command-'))
    await writeCommand(join(folder, 'package'), OWN)
    await run('npm', ['pack', './package', '--silent'], { cwd: folder })
    await mkdir(join(folder, 'user'))
    const offline = ['--offline', '--no-audit', '--no-fund', '--prefix', 'user']
    await run('npm', ['install', ...offline, './modelyard-1.2.3.tgz'], { cwd: folder })
    installed = join(folder, 'user/node_modules/modelyard')
    program = join(folder, 'user/node_modules/.bin/modelyard')
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('shows its help', async () => {
    expect((await run(program, ['--help'])).stdout).toMatch(/^modelyard: /)
  })

  it('finds the models of a repository', async () => {
    const repository = join(folder, 'repository')
    await run('git', ['init', '--quiet', repository])
    await writeFile(join(repository, 'train.csv'), 'id,x,y\n1,0.5,1\n2,0.1,0\n')
    await writeFile(join(repository, 'holdout.csv'), 'id,x,y\n3,0.4,1\n4,0.2,0\n')
    await writeFile(
      join(repository, 'model.yaml'),
      `name: small
owners: ["@acme/ml"]
task: binary-classification
data: { train: train.csv, holdout: holdout.csv, label: y, id: id }
train: { run: "true", inputs: [model.yaml], model: out/model.onnx }
evaluate: { metrics: [accuracy], gates: [{ metric: accuracy, min: 0.5 }], first_version: allow }
stages: { production: {} }
`,
    )
    const { stdout } = await run(program, ['plan', '--json'], { cwd: repository })
    expect(JSON.parse(stdout)).toMatchObject({
      predicate: { models: [{ name: 'small', file: 'model.yaml' }], engine: { modelyard: '1.2.3' } },
    })
  })

  it('fetches the native modules that it does not bring', async () => {
    const repository = join(folder, 'repository')
    const env = { ...process.env, RUNNER_TOOL_CACHE: join(ROOT, '.cache/tool-cache') }
    const { stdout } = await run(program, ['validate', '--json'], { cwd: repository, env })
    // So few rows are worth a warning.
    expect(JSON.parse(stdout)).toMatchObject({ predicate: { model: 'small', verdict: 'warn' } })
  })

  it('brings the workflow templates, pinned to its own release', async () => {
    const text = await readFile(join(installed, 'workflows-templates/pull-request.yml'), 'utf8')
    expect(text).toContain(`modelyard/modelyard/actions/plan@${OWN.sha} # v1.2.3`)
  })

  it('has its licence and those of what it holds', async () => {
    expect(await readFile(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License')
    expect(await readFile(join(installed, 'dist/licenses.txt'), 'utf8')).toMatch(/^@octokit\/rest$/m)
  })
})
