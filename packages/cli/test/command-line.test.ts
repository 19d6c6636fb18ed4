import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { readRecord, recordDigest, type Statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { VERBS } from '../src/verbs.ts'
import { run, runWith } from './run.ts'

async function repository(
  changes: Record<string, string> = {},
  candidate: 'plain' | 'worse' = 'plain',
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-cli-'))
  await git(folder, 'init', '--quiet')
  await writeModel(folder, toyModel('toy', changes), candidate)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Begin')
  return folder
}

describe('the command', () => {
  it('takes a model from its data to a report, with nothing but the record on standard output', async () => {
    const folder = await repository()
    for (const verb of ['plan', 'validate', 'train']) expect((await run(folder, verb, '--json')).code).toBe(0)
    const judged = await run(folder, 'evaluate', '--champion', 'none', '--json')
    expect(judged.code).toBe(0)
    const record = readRecord(judged.out, 'gate')
    expect(record.predicate).toMatchObject({ model: 'toy', verdict: 'pass', champion: null, source: { dirty: false } })
    expect(await readFile(join(folder, '.modelyard/toy/gate.json'), 'utf8')).toBe(judged.out)

    const reported = await run(folder, 'report')
    expect(reported.code).toBe(0)
    expect(await readFile(join(folder, '.modelyard/toy/report.md'), 'utf8')).toMatch(
      /^### ✅ `toy`: judged alone, as was asked/,
    )
    expect(await git(folder, 'status', '--porcelain')).toBe('')
  })

  it('prints as JSON no character that a terminal obeys, and names the files by it all the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-cli-'))
    const hostile = 'mo\u009bdel\u202e'
    await mkdir(join(folder, hostile))
    await writeFile(join(folder, hostile, 'model.yaml'), toyModel('toy', {}))
    const { code, out } = await run(folder, 'plan', '--json')
    expect([code, out]).toEqual([0, expect.not.stringMatching(/[\u009b\u202e]/)])
    expect(readRecord(out, 'plan').predicate.models).toEqual([{ name: 'toy', file: `${hostile}/model.yaml` }])
  })

  it('takes --model from the current folder, or else from the root, and says where it looked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-cli-'))
    await git(folder, 'init', '--quiet')
    await writeModel(join(folder, 'models/toy'), toyModel('toy'))
    for (const cwd of [join(folder, 'models/toy'), folder]) {
      const model = cwd === folder ? ['--model', 'models/toy/model.yaml'] : []
      expect(await run(cwd, 'validate', ...model)).toMatchObject({ code: 0 })
    }
    const elsewhere = await run(join(folder, 'models'), 'validate', '--model', 'models/toy/model.yaml')
    expect(elsewhere.code).toBe(0)
    expect(await run(join(folder, 'models'), 'validate')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^There is no model file model\.yaml, neither in models nor from the root of the repository\. .* with --model\.$/m,
      ),
    })
  })

  it('reports in files alone: a commit that is nowhere but here can have no check', async () => {
    const folder = await repository()
    for (const verb of ['validate', 'train']) await run(folder, verb)
    await run(folder, 'evaluate', '--champion', 'none')
    const env = { GITHUB_TOKEN: 't', GITHUB_REPOSITORY: 'acme/toy', GITHUB_API_URL: 'http://127.0.0.1:1' }
    expect(await runWith(folder, ['report'], env)).toMatchObject({ code: 0 })
    const files = await readdir(join(folder, '.modelyard/toy'))
    expect(files).toEqual(expect.arrayContaining(['report.json', 'report.md', 'junit.xml', 'summary.json']))
  })

  it('ends without a stack trace where nobody reads on, as with head', async () => {
    const folder = await repository()
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'plan', '--json'], {
      cwd: folder,
    })
    child.stdout.destroy()
    const said = await text(child.stderr)
    expect(said).not.toMatch(/EPIPE|Error/)
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
  })

  it('refuses an option that is given twice: one of the two would be forgotten', async () => {
    const folder = await repository()
    expect(await run(folder, 'validate', '--model', 'model.yaml', '--model', 'other.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'The option --model is given more than once. Give it once; several models as --model "a.yaml,b.yaml", or by a glob.\n',
    })
  })

  it('makes the same records again from the same files, by digest', async () => {
    const folder = await repository()
    const digests = async () => {
      const found: string[] = []
      for (const [verb, kind] of [
        ['validate', 'validation'],
        ['train', 'training'],
        ['evaluate', 'gate'],
      ] as const) {
        const { out } = await run(folder, verb, '--json', ...(verb === 'evaluate' ? ['--champion', 'none'] : []))
        found.push(recordDigest(readRecord(out, kind) as Statement))
      }
      return found
    }
    expect(await digests()).toEqual(await digests())
  })

  it.each([
    ['1 where the verdict is fail', { 'min: 0.6,': 'min: 0.99,' }, 1],
    ['3 where the evidence is not enough', { 'min: 0.6,': 'min: 0.765,' }, 3],
    ['3 where a first version is not allowed', { 'first_version: allow': 'first_version: refuse' }, 3],
  ])('ends with %s', async (_, changes, code) => {
    const folder = await repository(changes)
    await run(folder, 'train')
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({ code })
  })

  it.each([
    ['there is no model file', [], ['train', '--model', 'nowhere.yaml'], 2, 'There is no model file nowhere.yaml'],
    [
      'an option is unknown',
      [],
      ['train', '--modle', 'm'],
      2,
      "Unknown option '--modle'. `modelyard train --help` shows the options.",
    ],
    [
      'an option is missing',
      [],
      ['deploy'],
      2,
      'The option --stage is missing. `modelyard deploy --help` shows how to use it.',
    ],
    [
      'an option is empty, rather than do more than was meant',
      [],
      ['registry', 'deprecate', '--name', 'toy', '--version', '', '--reason', 'It is unwell.'],
      2,
      'The option --version is empty. Give it a value, or leave it out.',
    ],
    [
      'an option that has to be there is empty',
      [],
      ['deploy', '--stage='],
      2,
      'The option --stage is empty. Give it a value.',
    ],
    ['a verb is unknown', [], ['trian'], 2, 'There is no verb "trian". There are: init, plan, validate'],
    [
      'a word is not one of the few',
      [],
      ['evaluate', '--champion', 'me'],
      2,
      'The option --champion is "me"; it must be registry or none.',
    ],
    ['there is no token', ['train'], ['evaluate'], 2, 'A GitHub token is needed to read which version of toy'],
    [
      'nothing was trained',
      [],
      ['evaluate', '--champion', 'none'],
      2,
      'There is no training record of toy. Run train before',
    ],
  ])('says in one sentence that %s', async (_, before, args, code, sentence) => {
    const folder = await repository()
    for (const verb of before) await run(folder, verb)
    const { code: found, err, out } = await run(folder, ...args)
    expect([found, out]).toEqual([code, ''])
    expect(err).toContain(sentence)
  })

  it.each([
    [
      'data that are not there',
      async (folder: string) => rm(join(folder, 'data/holdout.csv')),
      'validate',
      /holdout\.csv/,
    ],
    [
      'data that cannot be read',
      async (folder: string) => writeFile(join(folder, 'data/train.csv'), 'id,a,b,y\n1,2\n'),
      'validate',
      /train\.csv/,
    ],
    [
      'training that leaves no model',
      async (folder: string) => writeFile(join(folder, 'train.sh'), 'true\n'),
      'train',
      /did not write out\/model\.onnx/,
    ],
    [
      'training that fails',
      async (folder: string) => writeFile(join(folder, 'train.sh'), 'echo no memory; exit 9\n'),
      'train',
      /ended with exit code 9\. Its last lines:\n {4}no memory/,
    ],
    [
      'a model that is no ONNX',
      async (folder: string) => writeFile(join(folder, 'models/plain.onnx'), 'pickle'),
      'train',
      /out\/model\.onnx.*ONNX/s,
    ],
  ])('ends with 2 and one sentence for %s, and leaves a failure record', async (_, spoil, verb, sentence) => {
    const folder = await repository()
    await spoil(folder)
    const { code, err } = await run(folder, verb)
    expect(code).toBe(2)
    expect(err).toMatch(sentence)
    const failure = readRecord(await readFile(join(folder, '.modelyard/toy/failure.json'), 'utf8'), 'failure')
    expect(failure.predicate).toMatchObject({ verdict: 'fail', step: verb === 'train' ? 'train' : 'validate-data' })
  })

  it('shows every verb, and for each its options and an example', async () => {
    const { code, out } = await run('/', 'help')
    expect(code).toBe(0)
    for (const [name, verb] of Object.entries(VERBS)) {
      expect(out).toContain(`  ${name}`)
      const help = await run('/', name, '--help')
      expect(help.code).toBe(0)
      for (const option of Object.keys(verb.options)) expect(help.out).toContain(`--${option}`)
      // A verb of another package brings its own help.
      expect(help.out).toContain('forward' in verb ? `modelyard ${name} run` : `Example: modelyard ${name}`)
    }
  })
})
