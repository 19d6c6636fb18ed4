import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type FileDigest, fileDigest, type Model, UserError } from '@modelyard/spec'
import { runCommand } from './command.ts'

/** What a training command left behind. */
export interface Trained {
  artifact: FileDigest
  predictions: FileDigest | null
}

/**
 * Runs `train.run`. What an earlier run left is deleted first, so that a command that writes nothing
 * can never pass its predecessor's model off as its own.
 */
export async function runTraining(model: Model, onLine?: (line: string) => void): Promise<void> {
  const { run, model: output, predictions } = model.train
  const written = [output, ...(predictions ? [predictions] : [])]
  await Promise.all(written.map((name) => rm(join(model.folder, name), { force: true })))
  await runCommand({
    command: run,
    purpose: `train.run in ${model.file}`,
    folder: model.folder,
    ...(onLine ? { onLine } : {}),
  })
}

/** Names what a training left, by digest. Throws a `UserError` where a promised file is missing or empty. */
export async function takeUpTraining(model: Model): Promise<Trained> {
  const { model: output, predictions } = model.train
  return {
    artifact: await takeUp(model, 'train.model', output),
    predictions: predictions ? await takeUp(model, 'train.predictions', predictions) : null,
  }
}

async function takeUp(model: Model, key: string, name: string): Promise<FileDigest> {
  const path = join(model.folder, name)
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isFile() || found.size === 0) {
    const what = found?.isFile()
      ? 'left an empty file'
      : found?.isSymbolicLink()
        ? 'left a symbolic link as'
        : 'did not write'
    throw new UserError(
      `The training command ${JSON.stringify(model.train.run)} ended well but ${what} ${name}. Let it write there, or correct ${key} in ${model.file}.`,
    )
  }
  return { name, ...(await fileDigest(path)) }
}
