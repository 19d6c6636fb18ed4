import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { validate } from '@actions/languageservice'
import { describe, expect, it } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { ACTIONS, ROOT } from '../src/paths.ts'
import { releasedForm } from '../src/released-form.ts'

const run = promisify(execFile)
const OWN = { sha: '0123456789abcdef0123456789abcdef01234567', version: 'v1.2.3' }

const templates = readdirSync(join(ROOT, 'workflows-templates')).filter((name) => name.endsWith('.yml'))
const read = (name: string) => readFileSync(join(ROOT, 'workflows-templates', name), 'utf8')

/** A repository that uses the templates in the form in which a release ships them. */
function released(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-lint-'))
  mkdirSync(join(folder, '.github/workflows'), { recursive: true })
  mkdirSync(join(folder, '.git'))
  for (const name of templates) writeFileSync(join(folder, '.github/workflows', name), releasedForm(read(name), OWN))
  cpSync(join(ROOT, 'actions'), join(folder, 'actions'), {
    recursive: true,
    filter: (path) => !/dist|src|test/.test(basename(path)),
  })
  return folder
}

/** A linter's complaints, empty when it has none. */
async function complaints(program: string | undefined, args: string[], cwd: string): Promise<string> {
  if (!program) throw new Error('Run the tests with `npm test`: it brings the linters.')
  return run(program, args, { cwd }).then(
    () => '',
    (error: { stdout?: string; stderr?: string; message: string }) =>
      `${error.stdout ?? ''}${error.stderr ?? ''}` || error.message,
  )
}

describe('the workflow templates, as released', () => {
  it('pass actionlint', async () => {
    expect(await complaints(process.env.MODELYARD_ACTIONLINT, ['-shellcheck=', '-pyflakes='], released())).toBe('')
  })

  it('pass zizmor, and so do the actions', async () => {
    expect(await complaints(process.env.MODELYARD_ZIZMOR, ['--offline', '--no-progress', '.'], released())).toBe('')
  })

  it('pin every action by its commit', () => {
    for (const name of templates) {
      const uses = [...releasedForm(read(name), OWN).matchAll(/uses: (.*)$/gm)].map(([, used]) => used)
      expect(uses.length).toBeGreaterThan(0)
      for (const used of uses) expect(used).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    }
  })

  it('refuse an action that nobody has read', () => {
    expect(() => releasedForm('    - uses: somebody/else@v1', OWN)).toThrow(/somebody\/else@v1 has no pin/)
  })

  it.each(templates)('%s has its properties beside it', (name) => {
    const properties = JSON.parse(read(name.replace(/\.yml$/, '.properties.json'))) as Record<string, unknown>
    expect(properties).toMatchObject({
      name: expect.any(String),
      description: expect.any(String),
      categories: expect.any(Array),
    })
  })
})

describe('GitHub’s own language service', () => {
  const check = async (path: string, text: string) =>
    (await validate(TextDocument.create(`file:///${path}`, 'yaml', 1, text))).map(
      ({ message, range }) => `${path}:${range.start.line + 1} ${message}`,
    )

  it.each(templates)('has nothing against %s', async (name) => {
    expect(await check(`.github/workflows/${name}`, read(name))).toEqual([])
  })

  it.each(ACTIONS)('has nothing against the action.yml of %s', async (name) => {
    expect(await check('action.yml', readFileSync(join(ROOT, 'actions', name, 'action.yml'), 'utf8'))).toEqual([])
  })
})
