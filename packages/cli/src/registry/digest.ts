import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileDigest } from '@modelyard/spec'

/** The SHA-256 of a file where there is one of that name; else the text, which is to be one itself. */
export async function digestOf(folder: string, written: string): Promise<string> {
  const path = resolve(folder, written)
  const isFile = (await stat(path).catch(() => undefined))?.isFile()
  return isFile ? (await fileDigest(path)).sha256 : written
}
