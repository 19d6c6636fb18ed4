import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileDigest, flatName, parseJson, UserError } from '@modelyard/spec'
import { z } from 'zod'
import type { DeploymentRequest, Served, Target } from './target.ts'

const Pointer = z.object({ model: z.string(), version: z.string(), sha256: z.string(), path: z.string() })

/**
 * A folder that serving reads: `<model>/<version>/<file>` beside the pointer `<model>/current.json`, which names one of
 * them and is swapped in one step, so that a reader sees the old version or the new one. Read back by hashing what the
 * pointer names.
 */
export function directoryTarget(directory: string, model: string): Target {
  const folder = join(directory, flatName(model))
  const pointer = join(folder, 'current.json')

  return {
    kind: 'directory',
    async deploy({ version, sha256, path }: DeploymentRequest) {
      const held = join(version, basename(path))
      try {
        await mkdir(join(folder, version), { recursive: true })
        await place(join(folder, held), (temporary) => copyFile(path, temporary))
        const said = `${JSON.stringify({ model, version, sha256, path: held }, null, 2)}\n`
        await place(pointer, (temporary) => writeFile(temporary, said, { flush: true }))
      } catch (cause) {
        throw new UserError(`The target directory ${directory} cannot be written: ${(cause as Error).message}.`, {
          cause,
        })
      }
    },

    async status(): Promise<Served> {
      const text = await textIfThere(pointer)
      if (text === null) return { sha256: null, version: null, unhealthy: null }
      const said = Pointer.safeParse(parseJson(text))
      if (!said.success)
        throw new UserError(`${pointer} is not a pointer to a model: ${said.error.issues[0]!.message}.`)
      const { sha256 } = await fileDigest(join(folder, said.data.path)).catch(() => ({ sha256: null }))
      return { sha256, version: said.data.version, unhealthy: null }
    },
  }
}

/** Writes beside the place and then moves it there: nobody reads half a file. */
async function place(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  try {
    await write(temporary)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function textIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
