import { type GitHub, type Asset as Held, type Release, type Upload, uploadAsset } from '@modelyard/github'
import type { FileDigest } from '@modelyard/spec'

/** A file of a release. */
export interface Asset {
  name: string
  content: Upload['content']
}

const CONTENT_TYPES: Record<string, string> = { json: 'application/json', md: 'text/markdown; charset=utf-8' }

/** Puts files into a draft, of which it may hold some already; answers with what it holds afterwards, in their order. */
export async function fillRelease(
  github: GitHub,
  release: Release,
  assets: readonly Asset[],
  present: ReadonlyArray<Held & { state: string }>,
): Promise<FileDigest[]> {
  const files: FileDigest[] = []
  for (const { name, content } of assets) {
    const contentType = CONTENT_TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream'
    const own = present.filter((asset) => asset.name === name)
    const { sha256, bytes } = await uploadAsset(github, release, { name, content, contentType }, own)
    files.push({ name, sha256, bytes })
  }
  return files
}
