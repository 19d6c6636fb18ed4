import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { loadDescription } from '../src/http/description.ts'
import { DESCRIBED_TWICE, PROMISED } from './operations/promised.ts'

/** After all tests: how many of the promised operations were exercised. A run of all test files fails if one is missing. */
export default async function count(project: TestProject): Promise<() => Promise<void>> {
  const file = join(mkdtempSync(join(tmpdir(), 'local-github-exercised-')), 'operations')
  writeFileSync(file, '')
  process.env.LOCAL_GITHUB_EXERCISED = file
  return async () => {
    const exercised = new Set(readFileSync(file, 'utf8').split('\n'))
    const { operations } = loadDescription()
    const promised = Object.values(PROMISED).flat()
    const missing = promised.filter((key) => !exercised.has(operations[DESCRIBED_TWICE[key] ?? key]?.id ?? ''))
    const done = promised.length - missing.length
    console.log(`${done} of ${promised.length} operations, ${Math.floor((100 * done) / promised.length)} %`)
    if (missing.length === 0 || !(await ranAll(project))) return
    console.error(`Promised, but exercised by no test:\n  ${missing.join('\n  ')}`)
    process.exitCode = 1
  }
}

async function ranAll(project: TestProject): Promise<boolean> {
  const { testFiles } = await project.globTestFiles()
  return project.vitest.state.getFiles().length === testFiles.length && !project.config.testNamePattern
}
