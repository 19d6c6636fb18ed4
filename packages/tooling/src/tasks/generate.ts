import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.ts'
import { actionTable, indexTable } from '../readme.ts'
import { schemaFiles } from '../schemas.ts'
import { validators } from '../validators.ts'

/** A file that is generated, in whole or between markers. */
export interface Generated {
  path: string
  content: string
}

/** Everything in the repository that is generated, as it should be; a test compares it with what is there. */
export async function generated(): Promise<Generated[]> {
  return [...schemaFiles(), ...validators(), ...(await actionTable()), await indexTable()]
}

/** Writes everything that is generated. */
export async function generate(): Promise<void> {
  for (const { path, content } of await generated()) {
    const file = join(ROOT, path)
    if ((await readFile(file, 'utf8').catch(() => '')) !== content) {
      await writeFile(file, content)
      console.log(`wrote ${path}`)
    }
  }
}
