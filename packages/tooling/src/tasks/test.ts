import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { CACHE, RELEASE_TREE, ROOT } from '../paths.ts'
import { setUpAct, setUpActionlint, setUpPython } from '../setup.ts'
import { run, step } from '../shell.ts'

const REPORTS = join(CACHE, 'test-reports')

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
  console.error('Run the tests of every package')
  const failed = await run(
    'turbo',
    ['run', 'test', '--concurrency=2', '--continue', '--output-logs=new-only', ...args],
    {
      show: true,
      env: { ...tools, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    },
  ).then(
    () => false,
    () => true,
  )
  const { passed, failing } = await count()
  console.log(`${passed} passed, ${failing} failed`)
  return failed || failing > 0 || passed === 0 ? 1 : 0
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
    MODELYARD_RELEASE_TREE: RELEASE_TREE,
    MODELYARD_TEST_REPORTS: REPORTS,
  }
}

/** Adds up what each package's run left. */
async function count(): Promise<{ passed: number; failing: number }> {
  let passed = 0
  let failing = 0
  for (const folder of await workspaces()) {
    const text = await readFile(join(folder, '.turbo', 'vitest.json'), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const report = JSON.parse(text) as { numPassedTests: number; numFailedTests: number; numFailedTestSuites: number }
    passed += report.numPassedTests
    failing += report.numFailedTests
  }
  return { passed, failing }
}

async function workspaces(): Promise<string[]> {
  const folders = await Promise.all(
    ['packages', 'actions'].map(async (name) =>
      (await readdir(join(ROOT, name))).map((each) => join(ROOT, name, each)),
    ),
  )
  return folders.flat()
}
