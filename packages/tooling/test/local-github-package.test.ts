import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CACHE } from '../src/paths.ts'
import { writeLocalGitHub } from '../src/release/local-github-package.ts'

const run = promisify(execFile)

describe('the npm package of the local GitHub', { timeout: 60_000 }, () => {
  // Its dependencies are found above this folder: those of the repository.
  const folder = join(CACHE, 'test-local-github')
  let root: string

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'local-github-package-'))
    await writeLocalGitHub(folder, 'v1.2.3')
  }, 60_000)
  afterAll(async () => {
    for (const each of [folder, root]) await rm(each, { recursive: true, force: true })
  })

  it('is a command', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'bin/local-github.mjs'), '--help'])
    expect(stdout).toMatch(/^local-github: a GitHub on your laptop/)
  })

  it('is a server for tests, without types that have to be stripped', async () => {
    const { startLocalGitHub } = (await import(pathToFileURL(join(folder, 'src/index.js')).href)) as {
      startLocalGitHub: (options: object) => Promise<{ apiUrl: string; close: () => Promise<void> }>
    }
    const github = await startLocalGitHub({ root })
    try {
      expect((await fetch(`${github.apiUrl}/rate_limit`)).status).toBe(200)
    } finally {
      await github.close()
    }
  })

  it('says its types, its licence and what it needs', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, object>
    expect(manifest).toMatchObject({ name: '@modelyard/local-github', version: '1.2.3', engines: { node: '>=24' } })
    expect(Object.keys(manifest.dependencies!).filter((name) => name.startsWith('@modelyard'))).toEqual([])
    expect(await readFile(join(folder, 'src/index.d.ts'), 'utf8')).toContain('startLocalGitHub')
    expect(await readFile(join(folder, 'LICENSE'), 'utf8')).toContain('Apache License')
  })
})
