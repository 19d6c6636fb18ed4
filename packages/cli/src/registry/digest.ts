import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileDigest, UserError } from '@modelyard/spec'

/** The SHA-256 of a file where there is one of that name; else the text, which is to be one itself. */
export async function digestOf(folder: string, written: string): Promise<string> {
  const path = resolve(folder, written)
  const there = await stat(path).catch(() => undefined)
  if (there?.isFile()) return (await fileDigest(path)).sha256
  if (there?.isDirectory())
    throw new UserError(`${written} is a folder, and the registry knows data by their files. Give a file of it.`)
  if (/[./\\]/.test(written))
    throw new UserError(`There is no file ${written} in ${folder}. Give one that is there, or a SHA-256.`)
  return written
}
