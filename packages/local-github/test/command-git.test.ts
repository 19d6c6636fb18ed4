import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../src/index.ts'

/** Does what a job's first step says, at once. */
const ACT = fileURLToPath(new URL('fixtures/act', import.meta.url))
const BIN = fileURLToPath(new URL('../bin/local-github.mjs', import.meta.url))

const root = mkdtempSync(join(tmpdir(), 'local-github-command-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const clone = join(root, 'clone')

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

const workflow = (events: string, run: string) =>
  `on: ${events}\njobs: { job: { runs-on: ubuntu-latest, steps: [{ run: '${run}' }] } }\n`

/** Calls the command in a clone; `whileUp` is called once it has said its welcome, and then it is told to end. */
async function call(args: string[], { from = clone, whileUp = async (_said: string) => {} } = {}) {
  let [out, error] = ['', '']
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const code = await runCommand([...args, '--act', ACT], {
    name: 'local-github',
    folder: from,
    out: {
      write: (text) => {
        out += stripVTControlCharacters(text)
        if (text.includes('Ctrl-C')) void whileUp(text).finally(end)
      },
    },
    error: { write: (text) => (error += text) },
    ended,
  })
  return { code, out, error }
}

mkdirSync(join(clone, '.github/workflows'), { recursive: true })
git(clone, 'init', '-q', '-b', 'feature')
git(clone, 'config', 'user.name', 'Ann')
git(clone, 'config', 'user.email', 'ann@example.com')
git(clone, 'remote', 'add', 'origin', 'https://github.com/acme/app.git')
writeFileSync(join(clone, '.github/workflows/feature.yml'), workflow('{ push: { branches: [feature] } }', 'true'))
writeFileSync(join(clone, '.github/workflows/main.yml'), workflow('{ push: { branches: [main] } }', 'true'))
writeFileSync(join(clone, '.github/workflows/pull.yml'), workflow('{ pull_request: { branches: [next] } }', 'true'))
writeFileSync(
  join(clone, '.github/workflows/lost.yml'),
  `on: push\njobs: { job: { uses: ./.github/workflows/no.yml } }\n`,
)
git(clone, 'add', '-A')
git(clone, 'commit', '-q', '-m', 'First')

describe('the clone', () => {
  it('keeps its hooks to itself', async () => {
    const hook = join(clone, '.git/hooks/pre-push')
    mkdirSync(join(clone, '.git/hooks'), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\nexit 1\n')
    chmodSync(hook, 0o755)
    expect(await call(['run', 'feature.yml'])).toMatchObject({ code: 0, error: '' })
    rmSync(hook)
  })

  it('is not written where the command is called from a hook, which aims git at it', async () => {
    const before = [git(clone, 'for-each-ref'), git(clone, 'rev-parse', 'HEAD'), git(clone, 'status', '--porcelain')]
    const aims = { GIT_DIR: join(clone, '.git'), GIT_INDEX_FILE: join(clone, '.git/index'), GIT_WORK_TREE: clone }
    Object.assign(process.env, aims)
    try {
      expect(await call(['run', 'feature.yml'])).toMatchObject({ code: 0, error: '' })
    } finally {
      for (const name of Object.keys(aims)) delete process.env[name]
    }
    expect([git(clone, 'for-each-ref'), git(clone, 'rev-parse', 'HEAD'), git(clone, 'status', '--porcelain')]).toEqual(
      before,
    )
  })

  it('is pushed as the branch that is checked out, or as the one that --ref names', async () => {
    symlinkSync(clone, join(root, 'link'))
    const linked = await call(['run', '.github/workflows/feature.yml'], { from: join(root, 'link') })
    expect(linked.out).toContain('feature.yml #1 on push of feature: success')
    expect(await call(['run', 'main.yml'])).toMatchObject({ code: 1, out: expect.stringContaining('Nothing ran') })
    expect((await call(['run', 'main.yml', '--ref', 'main'])).code).toBe(0)
    expect(await call(['run', 'pull.yml'])).toMatchObject({ code: 1, out: expect.stringContaining('Nothing ran') })
    expect((await call(['run', 'pull.yml', '--ref', 'next'])).out).toContain('on pull_request of feature: success')
  })

  it('may be no shallow one, no bare one and no folder outside', async () => {
    const say = async (folder: string) => (await call(['run', 'feature.yml'], { from: folder })).error
    git(root, 'clone', '-q', '--depth', '1', `file://${clone}`, 'shallow')
    expect(await say(join(root, 'shallow'))).toMatch(/is a shallow clone, .*: git fetch --unshallow\.\n$/)
    git(root, 'clone', '-q', '--bare', clone, 'bare.git')
    expect(await say(join(root, 'bare.git'))).toMatch(/bare\.git is a bare repository, which has no files to run: /)
    expect(await say(root)).toMatch(/is in no git repository: go into a clone, or make one with git init\.\n$/)
  })

  it('is refused in git’s words without a token where a push to it fails', async () => {
    git(clone, 'config', 'url.http://127.0.0.1:1/.insteadOf', 'http://me:')
    const { code, error } = await call(['up', '--port', '0', '--root', join(root, 'refused')])
    git(clone, 'config', '--unset', 'url.http://127.0.0.1:1/.insteadOf')
    expect(code).toBe(2)
    expect(error).toMatch(/^git push failed: fatal: /)
    expect(error).not.toMatch(/[0-9a-f]{20}/)
  })
})

describe('run', () => {
  it('says why a run did not start', async () => {
    const { code, out } = await call(['run', 'lost.yml'])
    expect(code).toBe(1)
    expect(out).toMatch(/startup failure {2}http\S+\n {2}Invalid workflow file: [^✗]*no\.yml/)
    expect(out).toMatch(/lost\.yml #1 on push of feature: startup failure\n$/)
  })

  /** Starts a job that writes lines into a file, and tells the command to end after each of its first lines. */
  const interrupt = async (job: string, file: string, signals: number) => {
    const env = { ...process.env, TMPDIR: mkdtempSync(join(root, 'tmp-')) }
    const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])
    const until = async (count: number) => {
      while (lines().length < count) await new Promise((resolve) => setTimeout(resolve, 20))
      return lines()
    }
    writeFileSync(join(clone, '.github/workflows/long.yml'), workflow('push', `${job} ${file}`))
    const child = spawn(process.execPath, [BIN, 'run', 'long.yml', '--act', ACT], { cwd: clone, env, stdio: 'ignore' })
    const exit = once(child, 'exit')
    for (let count = 1; count <= signals; count++) {
      await until(count)
      child.kill('SIGTERM')
    }
    const [code] = (await exit) as [number]
    return { code, until, left: readdirSync(env.TMPDIR) }
  }

  it('ends its job, takes its folder away and answers 130 when it is told to end', async () => {
    const file = join(root, 'held')
    const { code, left, until } = await interrupt('linger', file, 1)
    expect([code, left]).toEqual([130, []])
    const [pid] = await until(1)
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  })

  it('waits for no step when it is told so again, and tells the job once more', async () => {
    const { code, until } = await interrupt('hesitate', join(root, 'asked'), 2)
    expect(code).toBe(130)
    expect(await until(3)).toEqual(['began', 'asked', 'asked'])
  })
})

describe('up', () => {
  it('says that a port is taken, and that what a folder remembers is up already', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const taken = await call(['up', '--port', String(port)])
    other.close()
    expect(taken.error).toBe(`Port ${port} is taken: name another with --port, or 0 for any free one.\n`)
    git(clone, 'worktree', 'add', '-q', '-b', 'beside', join(root, 'beside'))
    // What the first left open would be in the way of this one.
    const first = await call(['up', '--port', '0'], {
      whileUp: async () => {
        const { code, error } = await call(['up', '--port', '0'], { from: join(root, 'beside') })
        expect(code).toBe(2)
        expect(error).toMatch(/^What \S+\.git\/local-github remembers is up already: use that GitHub, or name another/)
      },
    })
    expect(first).toMatchObject({ code: 0, error: '' })
  })

  it.each([
    [404, []],
    [200, ['--public']],
  ])('answers strangers with %i where it is given %j', async (status, args) => {
    let found: number | undefined
    const { out } = await call(['up', '--port', '0', '--root', join(root, `up-${status}`), ...args], {
      whileUp: async (said) => {
        found = (await fetch(/http:\S+\/acme\/app/.exec(said)![0])).status
      },
    })
    expect(found).toBe(status)
    expect(out).toMatch(/sign in at http:\S+\/login with \w+/)
  })
})
