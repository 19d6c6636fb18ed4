import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'

/**
 * Unpacks a zip file into a folder, one entry after the other as a stream; answers with the paths inside the folder.
 * An entry whose path is absolute, goes upwards or has a backslash makes it throw (yauzl's own check), as does one
 * that is larger than it says. Links come out as the text that they hold.
 */
export async function unzip(archive: string, folder: string): Promise<string[]> {
  const files: string[] = []
  const zip = await openPromise(archive, { autoClose: true, strictFileNames: true })
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue
    const path = join(folder, entry.fileName)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path))
    files.push(entry.fileName)
  }
  return files
}
