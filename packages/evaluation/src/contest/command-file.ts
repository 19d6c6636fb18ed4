import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Model, UserError } from '@modelyard/spec'

/** Runs a command of the model file with the model at a path, to its end. */
export type RunCommand = (modelPath: string) => Promise<void>

export interface CommandFile {
  model: Model
  /** The folder that the model file's paths are relative to. */
  root: string
  /** The command, for messages. */
  command: string
  /** The file that it is to write. */
  file: string
  /** The key of the model file that names the file. */
  key: string
  run: () => Promise<void>
}

/**
 * Runs a command and answers with the path of the file that it wrote. What an earlier run left is deleted first: it would
 * pass for this model's where the command writes none.
 */
export async function runForFile({ model, root, command, file, key, run }: CommandFile): Promise<string> {
  const path = join(root, file)
  await rm(path, { force: true })
  await run()
  const found = await lstat(path).catch(() => undefined)
  if (found?.isFile()) return path
  throw new UserError(
    `The command ${JSON.stringify(command)} ended well but did not write ${file}. Let it write there, or correct ${key} in ${model.file}.`,
  )
}
