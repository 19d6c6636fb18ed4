import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'

/** A package's tarball out of files by path, as npm packs it. */
export async function tarball(files: Record<string, string>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'tarball-'))
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, 'package', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  await create({ gzip: true, cwd: folder, file: join(folder, 'out.tgz') }, ['package'])
  const content = await readFile(join(folder, 'out.tgz'))
  await rm(folder, { recursive: true })
  return content
}

export function integrity(content: Buffer): string {
  return `sha512-${createHash('sha512').update(content).digest('base64')}`
}

/** An npm registry on this machine that serves tarballs by path; a path in `cut` breaks off half-way. */
export async function startRegistry(tarballs: Record<string, Buffer>, cut: string[] = []) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url!
    asked.push(path)
    const content = tarballs[path]
    if (!content) return response.writeHead(404).end()
    response.writeHead(200, { 'content-length': content.length })
    if (!cut.includes(path)) return response.end(content)
    response.write(content.subarray(0, content.length / 2), () => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, port, asked, stop: () => server.close() }
}
