import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  lookAtData,
  modelName,
  type Proposal,
  plan,
  propose,
  readTemplates,
  type Survey,
  survey,
} from '../src/index.ts'

const run = promisify(execFile)

export const HABITS = ['script', 'dvc', 'cml', 'notebook'] as const

/** A git repository of the files of a fixture, and of others by their texts. */
export async function repository(
  fixture?: (typeof HABITS)[number],
  files: Record<string, string> = {},
): Promise<string> {
  const root = join(await mkdtemp(join(tmpdir(), 'scaffold-')), 'wine')
  await mkdir(root)
  if (fixture) await cp(join(import.meta.dirname, '../fixtures', fixture), root, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  await run('git', ['init', '--quiet'], { cwd: root })
  return root
}

/** What init would write into a repository. */
export async function proposalFor(root: string, { folder = '', data = '', label = '' } = {}): Promise<Proposal> {
  const found = await survey(root, folder)
  const decided = plan(found, { data, label })
  return propose(found, decided, await lookAtData(join(root, folder), decided, modelName(found)), await readTemplates())
}

export function contentOf({ files }: Proposal, path: string): string | undefined {
  return files.find((file) => file.path === path)?.content
}

/** A survey of nothing but texts, for what is pure. */
export function surveyOf(texts: Record<string, string>, more: Partial<Survey> = {}): Survey {
  const files = Object.keys(texts)
  return {
    folder: '',
    called: 'wine',
    files,
    data: ['wine.csv'],
    texts: new Map(Object.entries(texts)),
    workflows: new Map(),
    ...more,
  }
}

/** A table that a model can learn from, as CSV: an id, two numbers, a colour, and its class. */
export function table(rows: number, first = 0): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const row = first + index
    const good = row % 3 === 0
    return `row${row},${(good ? 3 : 1) + (row % 7) / 5},${row % 11},${good ? 'good' : 'poor'}`
  })
  return ['wine_id,acid,age,good', ...lines, ''].join('\n')
}
