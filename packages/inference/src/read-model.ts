import { lstat, readFile } from 'node:fs/promises'
import { UserError } from '@modelyard/spec'

/** What a protocol buffer may hold at most, and so an ONNX file. */
const MOST = 2 ** 31 - 1

/** The bytes of a model file. Throws a `UserError` for what is no plain file, or is larger than an ONNX file can be. */
export async function readModel(path: string): Promise<Buffer> {
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) {
      throw new UserError(
        `The model ${path} is a symbolic link, which may lead to another file when it is shipped. Let the training command write the file itself.`,
      )
    }
    if (!found.isFile()) throw new UserError(`The model ${path} is not a file. Let the training command write one.`)
    if (found.size > MOST) {
      throw new UserError(
        `The model ${path} has ${(found.size / 1e9).toFixed(1)} GB, and an ONNX file holds at most 2.1. Export it smaller (float16, quantized), or let a command of yours run it (evaluate.predict).`,
      )
    }
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    throw new UserError(
      code === 'ENOENT'
        ? `There is no model ${path}. The training command must write it.`
        : `The model ${path} cannot be read (${code}).`,
      { cause },
    )
  }
}
