import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { folderWith } from './files.ts'

const index = new URL('../src/index.ts', import.meta.url).href
const folders = (root: string) => readdirSync(root).filter((name) => name.startsWith('modelyard-duckdb-'))

/** A process whose temporary folder is `root`. It opens a.csv and then does more. */
function opening(root: string, more: string) {
  const program = `
    import { openDataset } from ${JSON.stringify(index)}
    const dataset = await openDataset({ root: ${JSON.stringify(root)}, files: 'a.csv', threads: 1 })
    ${more}`
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, TMPDIR: root },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Ends a process by a signal while it has data open; answers with what ended it. */
async function killed(root: string, signal: NodeJS.Signals) {
  const child = opening(root, `console.log('open'); setInterval(() => {}, 1000)`)
  await once(child.stdout, 'data')
  expect(folders(root)).toHaveLength(1)
  child.kill(signal)
  const [, by] = await once(child, 'exit')
  return by
}

describe('the temporary folder of an engine, which holds all rows of text files', () => {
  it('goes when a signal ends the process, as that of a cancelled workflow', async () => {
    const root = folderWith({ 'a.csv': 'mail\nann@example.com\n' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      expect(await killed(root, signal)).toBe(signal)
      expect(folders(root)).toEqual([])
    }
  })

  it('goes when the process ends without closing its data', async () => {
    const root = folderWith({ 'a.csv': 'a\n1\n' })
    expect(await once(opening(root, 'process.exit(3)'), 'exit')).toEqual([3, null])
    expect(folders(root)).toEqual([])
  })

  it('goes when another process begins, where its own was killed; that of a living one stays', async () => {
    const root = folderWith({ 'a.csv': 'a\n1\n' })
    expect(await killed(root, 'SIGKILL')).toBe('SIGKILL')
    const [left] = folders(root)
    const child = opening(root, `console.log('open'); setInterval(() => {}, 1000)`)
    await once(child.stdout, 'data')
    const [living, ...others] = folders(root)
    expect(others).toEqual([])
    expect(living).not.toBe(left)
    await once(opening(root, 'dataset.close()'), 'exit')
    expect(folders(root)).toEqual([living])
    child.kill()
    await once(child, 'exit')
  })
})
