import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { RELEASE_TREE, ROOT } from '../paths.ts'
import { setUpAct, setUpActionlint, setUpPython } from '../setup.ts'
import { run, step } from '../shell.ts'

/** Types and style of the whole repository. */
export async function check(): Promise<void> {
  await step('Check the types', () => run('tsc', ['-p', 'tsconfig.json']))
  await step('Check the style', () => run('biome', ['check', '.']))
}

/** Everything: types, style, and every package's tests, ending with one line of counts. */
export async function test(args: string[]): Promise<number> {
  const tools = await setUpTools()
  await check()
  await bundle()
  for (const folder of await workspaces()) await rm(reportOf(folder), { force: true })
  console.error('Run the tests of every package')
  // What tests leave behind goes with the folder, also where one is killed on the way.
  const TMPDIR = await mkdtemp(join(tmpdir(), 'modelyard-test-'))
  const failed = await run(
    'turbo',
    ['run', 'test', '--concurrency=2', '--continue', '--output-logs=new-only', ...args],
    {
      show: true,
      env: { ...tools, TMPDIR, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    },
  ).then(
    () => false,
    () => true,
  )
  await rm(TMPDIR, { recursive: true, force: true })
  const { passed, failing } = await count()
  // A package whose run broke off before it could count has failed as well.
  const all = failed ? Math.max(failing, 1) : failing
  console.log(`${passed} passed, ${all} failed`)
  return all > 0 || passed === 0 ? 1 : 0
}

/** Where the tests find the programs that they drive. */
export async function setUpTools(): Promise<Record<string, string>> {
  const [act, actionlint, example, linters] = await Promise.all([
    setUpAct(),
    setUpActionlint(),
    setUpPython('example', join(ROOT, 'docs/examples/flight-delay/requirements.txt')),
    setUpPython('tools', join(ROOT, 'packages/tooling/requirements.txt')),
  ])
  return {
    MODELYARD_ACT: act,
    MODELYARD_ACTIONLINT: actionlint,
    MODELYARD_PYTHON: example,
    MODELYARD_ZIZMOR: join(linters, 'zizmor'),
    MODELYARD_GTO: join(linters, 'gto'),
    MODELYARD_DVC: join(linters, 'dvc'),
    MODELYARD_RELEASE_TREE: RELEASE_TREE,
  }
}

/** Adds up what each package's run left. */
async function count(): Promise<{ passed: number; failing: number }> {
  let passed = 0
  let failing = 0
  for (const folder of await workspaces()) {
    const text = await readFile(reportOf(folder), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const report = JSON.parse(text) as { numPassedTests: number; numFailedTests: number }
    passed += report.numPassedTests
    failing += report.numFailedTests
  }
  return { passed, failing }
}

/** Where a package's run leaves its counts; turbo puts it back when the run is cached. */
function reportOf(folder: string): string {
  return join(folder, '.turbo', 'vitest.json')
}

async function workspaces(): Promise<string[]> {
  const folders = await Promise.all(
    ['packages', 'actions'].map(async (name) =>
      (await readdir(join(ROOT, name))).map((each) => join(ROOT, name, each)),
    ),
  )
  return folders.flat()
}
