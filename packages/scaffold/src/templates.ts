import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A workflow that users copy. */
export interface Template {
  /** `release.yml`. */
  name: string
  text: string
}

const FOLDER = 'workflows-templates'

/** The workflow templates that came with this program: in the repository, or in the package of the command. */
export async function readTemplates(): Promise<Template[]> {
  const folder = await findFolder(dirname(fileURLToPath(import.meta.url)))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml')).sort()
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })))
}

async function findFolder(from: string): Promise<string> {
  const folder = join(from, FOLDER)
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder
  if (dirname(from) === from) throw new Error(`no folder ${FOLDER} came with this program`)
  return findFolder(dirname(from))
}
