import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '@modelyard/spec'

/**
 * Makes a folder into which something is to be written, and those above it; `written` is how the option says it. Throws
 * a `UserError` where that cannot be.
 */
export async function makeFolder(folder: string, written: string): Promise<void> {
  try {
    await make(folder)
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new UserError(
      `The option path is ${JSON.stringify(written)}, and no folder can be made or written there (${(cause as Error).message}). Name another one.`,
      { cause },
    )
  }
}

/** Node's own way (`recursive`) never comes back where the kernel makes no folders, as under /proc. */
async function make(folder: string): Promise<void> {
  const isFolder = async () => (await stat(folder).catch(() => undefined))?.isDirectory() === true
  if (await isFolder()) return
  if (dirname(folder) !== folder) await make(dirname(folder))
  await mkdir(folder).catch(async (error) => {
    // Another process may have been quicker.
    if (!(await isFolder())) throw error
  })
}
