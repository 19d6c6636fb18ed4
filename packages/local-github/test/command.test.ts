import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../src/index.ts'

const folder = await mkdtemp(join(tmpdir(), 'local-github-command-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

/** Calls the command in the clone; `whileUp` is called with what it has said once that is a welcome. */
async function call(args: string[], whileUp?: (said: string) => Promise<void>) {
  let [out, error] = ['', '']
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const code = await runCommand([...args, ...(args.length ? ['--act', process.env.MODELYARD_ACT ?? 'act'] : [])], {
    name: 'local-github',
    folder,
    out: {
      write: (text) => {
        out += text
        if (text.includes('Ctrl-C')) void (whileUp?.(text) ?? Promise.resolve()).finally(end)
      },
    },
    error: { write: (text) => (error += text) },
    ended,
  })
  return { code, out: stripVTControlCharacters(out), error }
}

const job = (run: string) =>
  `jobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n      - run: ${run}\n`

git('init', '-q', '-b', 'main')
git('config', 'user.name', 'Ann')
git('config', 'user.email', 'ann@example.com')
git('remote', 'add', 'origin', 'https://github.com/acme/app.git')
await write('.gitignore', 'ignored.txt\n')
await write('hello.txt', 'as it was\n')
await write(
  '.github/workflows/by-hand.yml',
  `on: { workflow_dispatch: { inputs: { who: {} } } }\n${job('cat hello.txt && echo "to $WHO with $TOKEN"\n        env: { WHO: "${{ inputs.who }}", TOKEN: "${{ secrets.TOKEN }}" }')}`,
)
await write('.github/workflows/on-push.yml', `on: { push: { branches: [main] } }\n${job('exit 3')}`)
git('add', '-A')
git('commit', '-q', '-m', 'First')
await write('hello.txt', 'as it lies there\n')
await write('new.txt', 'new\n')
await write('ignored.txt', 'ignored\n')

describe('local-github run', () => {
  it('runs one workflow on the files as they are, and leaves the clone as it was', async () => {
    const before = [git('status', '--porcelain'), git('for-each-ref'), git('count-objects')]
    const given = ['--input', 'who=you', '--secret', 'TOKEN=s3cret', '--logs']
    const { code, out, error } = await call(['run', '.github/workflows/by-hand.yml', ...given])
    expect([code, error]).toEqual([0, ''])
    expect(out).toContain('as it lies there')
    expect(out).toContain('to you with ***')
    expect(out).not.toContain('on-push')
    expect(out).toMatch(/✓ job {2}success {4}\d+ s\n$/)
    expect([git('status', '--porcelain'), git('for-each-ref'), git('count-objects')]).toEqual(before)
  })

  it('ends with 1 and the log where a job fails', async () => {
    const { code, out } = await call(['run', '.github/workflows/on-push.yml'])
    expect(code).toBe(1)
    expect(out).toMatch(/── job ──[\s\S]*✗ job {2}failure/)
  })

  it.each([
    ['hello.txt', 'hello.txt is no workflow file: name one in .github/workflows of this clone.\n'],
    ['.github/workflows/none.yml', /none\.yml cannot be read: ENOENT/],
    ['.github/workflows/on-push.yml --event schedule', /does not run on schedule: it can be started by push\./],
    ['.github/workflows/by-hand.yml --input who', /--input "who" is not of the form name=value\./],
  ])('says what is wrong with run %s', async (args, sentence) => {
    const { code, error } = await call(['run', ...args.split(' ')])
    expect(code).toBe(2)
    expect(error).toMatch(sentence)
  })
})

describe('local-github up', () => {
  it('hosts the clone with what was there before', async () => {
    const root = join(folder, '.git/local-github')
    const answers: unknown[] = []
    const ask = async (said: string) => {
      const [, url, token] = /baseUrl: '([^']+)', auth: '([^']+)'/.exec(said)!
      const headers = { authorization: `token ${token}` }
      const issues = `${url}/repos/acme/app/issues`
      if (answers.length === 0) await fetch(issues, { method: 'POST', headers, body: '{"title":"Kept"}' })
      answers.push(token, ((await (await fetch(issues, { headers })).json()) as Array<{ title: string }>)[0]?.title)
    }
    for (const time of ['first', 'second']) {
      const { code, out } = await call(['up', '--port', '0', '--root', root], ask)
      expect([time, code]).toEqual([time, 0])
      expect(out).toContain('acme/app is at http://127.0.0.1:')
    }
    const [token, title, ...again] = answers
    expect(title).toBe('Kept')
    expect(again).toEqual([token, title])
  })

  it('shows its help where it is told nothing', async () => {
    expect(await call([])).toMatchObject({ code: 2, out: expect.stringContaining('local-github up') })
  })
})
