import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { RELEASE_TREE, ROOT } from '../paths.ts'
import { type Own, releasedForm } from '../released-form.ts'

const TEMPLATES = join(ROOT, 'workflows-templates')

/** The JSON Schemas that `$schema` in a model file leads to. */
const SCHEMAS = 'packages/spec/schema'

/**
 * The first commit's files: every action that is a program, with the bundle, README and licence. A composite is not
 * among them: it could name only a tag that moves, and whoever pins this commit must get nothing that moves.
 */
export async function writeActions(folder: string): Promise<void> {
  await cp(RELEASE_TREE, folder, { recursive: true })
  for (const name of await compositesIn(folder)) await rm(join(folder, 'actions', name), { recursive: true })
}

/**
 * The second commit's files, which `uses: …@v1` gets: those of the first, the composites and the workflow templates
 * pinned to the first, and the schemas.
 */
export async function writeRelease(folder: string, own: Own): Promise<void> {
  await cp(RELEASE_TREE, folder, { recursive: true })
  const composites = await compositesIn(folder)
  for (const name of composites) await pin(join(folder, 'actions', name, 'action.yml'), own, composites)
  await writeTemplates(join(folder, 'workflows-templates'), own)
  await cp(join(ROOT, SCHEMAS), join(folder, SCHEMAS), { recursive: true })
}

/** The workflow templates in released form, with what belongs to them. */
export async function writeTemplates(folder: string, own: Own): Promise<void> {
  await cp(TEMPLATES, folder, { recursive: true })
  const composites = await compositesIn(ROOT)
  for (const name of await readdir(folder)) if (name.endsWith('.yml')) await pin(join(folder, name), own, composites)
}

async function pin(path: string, own: Own, composites: string[]): Promise<void> {
  await writeFile(path, releasedForm(await readFile(path, 'utf8'), own, composites))
}

/** The actions that are chains of others. */
async function compositesIn(root: string): Promise<string[]> {
  const names = (await readdir(join(root, 'actions'))).filter((name) => name !== 'dist')
  const using = await Promise.all(names.map((name) => usingOf(join(root, 'actions', name, 'action.yml'))))
  return names.filter((_, index) => using[index] === 'composite')
}

async function usingOf(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  return (parse(text) as { runs?: { using?: string } }).runs?.using
}
