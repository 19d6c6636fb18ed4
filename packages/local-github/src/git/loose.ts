import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { ObjectType } from './objects.ts'

/** Git's own level for what is not packed yet: the quickest. */
const LEVEL = 1

/** Writes an object as `git hash-object -w` does, one file of its own, and answers with its id. */
export async function writeObject(gitDir: string, type: ObjectType, content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content as string)
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
  const sha = createHash('sha1').update(whole).digest('hex')
  const folder = join(gitDir, 'objects', sha.slice(0, 2))
  const file = join(folder, sha.slice(2))
  if (existsSync(file)) return sha
  await mkdir(folder, { recursive: true })
  // Others see it whole or not at all.
  const beside = join(folder, `tmp_obj_${randomBytes(8).toString('hex')}`)
  await writeFile(beside, await promisify(deflate)(whole, { level: LEVEL }), { mode: 0o444 })
  await rename(beside, file)
  return sha
}
