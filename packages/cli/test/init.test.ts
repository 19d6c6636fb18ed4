import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { git } from '@modelyard/scenarios'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../src/command-line.ts'

const FIXTURE = join(import.meta.dirname, '../../scaffold/fixtures/script')

/** Runs `init` in a folder: as a pipe would, or, with an answer, on a terminal on which it is typed. */
async function init(folder: string, { args = [], answer }: { args?: string[]; answer?: string } = {}) {
  let [out, err] = ['', '']
  const typed = new PassThrough()
  typed.end(answer)
  const isTTY = answer !== undefined
  const code = await runCommandLine(['init', ...args], {
    stdout: { write: (text) => (out += text), isTTY },
    stderr: { write: (text) => (err += text), isTTY },
    stdin: Object.assign(typed, { isTTY }),
    env: {},
    cwd: () => folder,
  })
  return { code, out, err }
}

async function repository(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'modelyard-init-')), 'wine')
  await cp(FIXTURE, folder, { recursive: true })
  await git(folder, 'init', '--quiet')
  return folder
}

const untracked = async (folder: string) =>
  (await git(folder, 'ls-files', '--others', '--exclude-standard')).split('\n').sort()

describe('modelyard init', () => {
  it('shows what it would write and what it assumed, and writes it with --yes', async () => {
    const folder = await repository()
    const { code, out, err } = await init(folder, { args: ['--yes'] })
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^Wrote \d+ files\. Commit them/) })
    expect(out).toMatch(/^--- \/dev\/null\n\+\+\+ model\.yaml\n@@ -0,0 \+1,\d+ @@\n\+# yaml-language-server/)
    expect(out).toContain('+ .github/workflows/release.yml (')
    expect(out).toContain('What was assumed\n- Training is `python train.py`.\n- cultivar is the label')
    expect(out).not.toContain('\u001b')
    expect(await readFile(join(folder, 'model.yaml'), 'utf8')).toContain('name: wine\n')
  })

  it.each([
    ['y\n', 0],
    ['yes\n', 0],
    ['\n', 1],
    ['n\n', 1],
    ['', 1],
  ])('asks on a terminal: the answer %j ends with %i', async (answer, code) => {
    const folder = await repository()
    const before = await untracked(folder)
    const said = await init(folder, { answer })
    expect(said.code).toBe(code)
    expect(said.err).toMatch(/Write these \d+ files\? \[y\/N\] /)
    expect(said.out).toContain('\u001b[32m+name: wine')
    if (code === 1) expect(await untracked(folder)).toEqual(before)
  })

  it.each(['\u001b[31m', '\u009b31m', '\u202e', '\u2066', '\u200f', '\u061c', '\u2028'])(
    'shows names from the repository without what a terminal would obey: %j',
    async (hostile) => {
      const folder = await repository()
      await rm(join(folder, 'data'), { recursive: true })
      await mkdir(join(folder, 'data'))
      await cp(join(FIXTURE, 'data/wine.csv'), join(folder, `data/${hostile}wine.csv`))
      expect((await init(folder, { args: ['--yes', '--label', `${hostile}no`] })).err).not.toContain(hostile)
      expect((await init(folder, { args: ['--yes'] })).out).not.toContain(hostile)
      expect(await readFile(join(folder, 'modelyard/prepare.py'), 'utf8')).not.toContain(hostile)
    },
  )

  it.each([
    ['there is nobody to ask', [], 'init asks before it writes, and there is no terminal to ask on: add --yes'],
    [
      'the path is outside',
      ['--yes', '--path', '..'],
      'The option --path is "..", which is outside of this repository.',
    ],
    ['the path is nowhere', ['--yes', '--path', 'no'], 'The option --path is "no", and there is no such folder.'],
    [
      'the data are nowhere',
      ['--yes', '--data', 'no.csv'],
      'The option --data is "no.csv", which is no data file here. There are: data/wine.csv.',
    ],
    [
      'the label is nowhere',
      ['--yes', '--label', 'no'],
      'The option --label is no, and data/wine.csv has no such column.',
    ],
  ])('ends with 2 and writes nothing when %s', async (_, args, sentence) => {
    const folder = await repository()
    const before = await untracked(folder)
    const { code, err } = await init(folder, { args })
    expect(code).toBe(2)
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(await untracked(folder)).toEqual(before)
    expect(await readdir(folder)).not.toContain('.modelyard')
  })

  it('ends with 2 where there is a model file, or no git repository', async () => {
    const folder = await repository()
    await mkdir(join(folder, 'models'))
    await writeFile(join(folder, 'models/model.yaml'), 'name: mine\n')
    expect(await init(folder, { args: ['--yes'] })).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is a model file already: models/model.yaml.'),
    })
    await rm(join(folder, '.git'), { recursive: true })
    expect(await init(folder, { args: ['--yes'] })).toMatchObject({
      code: 2,
      err: expect.stringContaining('This is no git repository. Run `git init` first'),
    })
  })
})
