import { execFile } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { validate } from '@actions/languageservice'
import { describe, expect, it } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { ACTIONS, ROOT } from '../src/paths.ts'
import { PINS, releasedForm } from '../src/released-form.ts'

const run = promisify(execFile)
const OWN = { sha: '0123456789abcdef0123456789abcdef01234567', version: 'v1.2.3' }

const templates = readdirSync(join(ROOT, 'workflows-templates')).filter((name) => name.endsWith('.yml'))
const read = (name: string) => readFileSync(join(ROOT, 'workflows-templates', name), 'utf8')

const templatesAsReleased = templates.map((name) => [name, releasedForm(read(name), OWN)] as const)

const OWN_WORKFLOWS = join(ROOT, '.github/workflows')
const ownWorkflows = readdirSync(OWN_WORKFLOWS).map(
  (name) => [name, readFileSync(join(OWN_WORKFLOWS, name), 'utf8')] as const,
)

/** A repository with these workflows, and our actions as released. */
function repositoryWith(workflows: (readonly [name: string, text: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-lint-'))
  mkdirSync(join(folder, '.github/workflows'), { recursive: true })
  mkdirSync(join(folder, '.git'))
  for (const [name, text] of workflows) writeFileSync(join(folder, '.github/workflows', name), text)
  cpSync(join(ROOT, 'actions'), join(folder, 'actions'), {
    recursive: true,
    filter: (path) => !/dist|src|test/.test(basename(path)),
  })
  for (const file of globSync('actions/*/action.yml', { cwd: folder })) {
    writeFileSync(join(folder, file), releasedForm(readFileSync(join(folder, file), 'utf8'), OWN))
  }
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

describe.each([
  ['the workflow templates, as released', templatesAsReleased],
  ['the workflows of this repository', ownWorkflows],
])('%s', (_, workflows) => {
  it('pass actionlint', async () => {
    const folder = repositoryWith(workflows)
    expect(await complaints(process.env.MODELYARD_ACTIONLINT, ['-shellcheck=', '-pyflakes='], folder)).toBe('')
  })

  it('pass zizmor, and so do the actions', async () => {
    const folder = repositoryWith(workflows)
    expect(await complaints(process.env.MODELYARD_ZIZMOR, ['--offline', '--no-progress', '.'], folder)).toBe('')
  })

  it('pin every action by its commit', () => {
    for (const [, text] of workflows) {
      const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, used]) => used)
      expect(uses.length).toBeGreaterThan(0)
      for (const used of uses) expect(used).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    }
  })
})

describe('the workflows of this repository', () => {
  it('use the very commits that the templates use', () => {
    const known = Object.entries(PINS).map(([used, { sha, version }]) => `${used.split('@')[0]}@${sha} # ${version}`)
    for (const [, text] of ownWorkflows) {
      for (const [, used] of text.matchAll(/uses: (.*)$/gm)) expect(known).toContain(used)
    }
  })

  it('run no script of a module that they fetch where they may write', () => {
    const release = ownWorkflows.find(([name]) => name === 'release.yml')![1]
    expect(release.match(/npm (?:ci|install)\b.*/g)).toEqual([expect.stringMatching(/^npm ci --ignore-scripts\b/)])
  })
})

describe('the workflow templates', () => {
  it('refuse an action that nobody has read', () => {
    expect(() => releasedForm('    - uses: somebody/else@v1', OWN)).toThrow(/somebody\/else@v1 has no pin/)
  })

  it('refuse a composite, which the commit that they pin does not hold', () => {
    const step = '    - uses: modelyard/modelyard/actions/pipeline@v1'
    expect(() => releasedForm(step, OWN, ['pipeline'])).toThrow(/pipeline@v1 is a composite/)
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

  it.each(ownWorkflows)('has nothing against our %s', async (name, text) => {
    expect(await check(`.github/workflows/${name}`, text)).toEqual([])
  })

  it.each(ACTIONS)('has nothing against the action.yml of %s', async (name) => {
    expect(await check('action.yml', readFileSync(join(ROOT, 'actions', name, 'action.yml'), 'utf8'))).toEqual([])
  })
})
