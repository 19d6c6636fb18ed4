import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
  const act = args.length && !args.includes('--act') ? ['--act', process.env.MODELYARD_ACT ?? 'act'] : []
  const code = await runCommand([...args, ...act], {
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

const FILES = '.github/workflows/by-hand.yml, .github/workflows/on-push.yml'

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
await write('.git/old-act', '#!/bin/sh\necho act version 0.2.86\n')
await chmod(join(folder, '.git/old-act'), 0o755)
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
    expect(out).toMatch(/✓ \S+by-hand\.yml #1 on workflow_dispatch of main: success\n✓ job {2}success {4}\d+ s\n$/)
    expect([git('status', '--porcelain'), git('for-each-ref'), git('count-objects')]).toEqual(before)
  })

  it('ends with 1 and the log where a job fails', async () => {
    const { code, out } = await call(['run', '.github/workflows/on-push.yml'])
    expect(code).toBe(1)
    expect(out).toMatch(/── job ──[\s\S]*✗ job {2}failure/)
  })

  it.each([
    ['run', `run needs a workflow file: there is ${FILES}.\n`],
    ['run hello.txt', `hello.txt is no workflow file of this clone: there is ${FILES}.\n`],
    ['run none.yml', `none.yml is no workflow file of this clone: there is ${FILES}.\n`],
    ['run on-push.yml --event schedule', /does not run on schedule: it can be started by push\.\n$/],
    ['run by-hand.yml --input who', '--input "who" is not of the form name=value.\n'],
    ['run by-hand.yml --secret NOWHERE', '--secret NOWHERE: the environment has no NOWHERE; or give NOWHERE=value.\n'],
    ['run by-hand.yml --secret GITHUB_X=1', /^--secret: .*GITHUB_/],
    ['run by-hand.yml --ref a..b', '--ref "a..b" is no name of a branch.\n'],
    ['run by-hand.yml --port 1', /^run takes no --port\./],
    ['run by-hand.yml on-push.yml', /^run does not understand "on-push\.yml"\./],
    ['run by-hand.yml --action app=.', /"app=\." is not of the form owner\/repo=folder: app names no repository\.\n$/],
    ['run by-hand.yml --action a/b=none', /--action "a\/b=none": \S*none is no folder\.\n$/],
    [
      'run by-hand.yml --act ./none',
      /^There is no \S*none, which runs the jobs: go install .*, or name it with --act\.\n$/,
    ],
    ['run by-hand.yml --act ./hello.txt', /hello\.txt cannot be run \(.*EACCES\): go install/],
    ['run by-hand.yml --act /bin/echo', /^\/bin\/echo does not say that it is act: go install/],
    ['run by-hand.yml --act ./.git/old-act', /old-act is act 0\.2\.86, and jobs need 0\.2\.87 or later: go install/],
    ['up --secret A=b', /^up takes no --secret\./],
    ['up --port 1e3', '--port 1e3 is not a port: 0 to 65535.\n'],
    ['down', /^"down" is not understood: up, or run\./],
  ])('says what is wrong with %s', async (args, sentence) => {
    const { code, error } = await call(args.split(' '))
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
      // A clone may be private: whatever else runs in the browser reads what needs no token.
      expect((await fetch(issues)).status).toBe(404)
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
