import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundle } from '../src/bundle.ts'
import { RELEASE_TREE } from '../src/paths.ts'

const budget = JSON.parse(readFileSync(join(import.meta.dirname, '../budget.json'), 'utf8')) as {
  release_tree_gzip_bytes: number
  first_line_ms: number
}

describe('the release tree', { timeout: 120_000 }, () => {
  it(`is at most ${(budget.release_tree_gzip_bytes / 1024).toFixed(0)} KiB gzipped: every job of every user downloads it`, async () => {
    await bundle()
    const size = execFileSync('tar', ['-czf', '-', '-C', RELEASE_TREE, '.'], { maxBuffer: 1 << 28 }).length
    console.log(`release tree: ${(size / 1024).toFixed(0)} KiB gzipped`)
    expect(size).toBeLessThanOrEqual(budget.release_tree_gzip_bytes)
  })

  it(`begins its work within ${budget.first_line_ms} ms of node's own start (best of fifteen)`, async () => {
    await bundle()
    const time = (program: string) => {
      const started = performance.now()
      // An empty input is refused in one sentence, after everything that every action loads was loaded.
      spawnSync(process.execPath, [program], { env: { PATH: process.env.PATH, INPUT_MODEL: '' }, cwd: RELEASE_TREE })
      return performance.now() - started
    }
    const best = (program: string) => Math.min(...Array.from({ length: 15 }, () => time(program)))
    const nothing = join(RELEASE_TREE, 'nothing.js')
    execFileSync('touch', [nothing])
    const extra = best(join(RELEASE_TREE, 'actions/dist/plan.js')) - best(nothing)
    execFileSync('rm', [nothing])
    console.log(`first line of work: ${extra.toFixed(0)} ms after node starts`)
    expect(extra).toBeLessThanOrEqual(budget.first_line_ms)
  })
})
