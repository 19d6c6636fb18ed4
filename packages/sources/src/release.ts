import { findRelease, type GitHub, listAssets, openAsset } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import type { Located, Remote, Wanted } from './remote.ts'
import { targetOf } from './targets.ts'

/** A file of a release of this repository: `release://tag/asset`. */
export function inRelease(wanted: Wanted, connect: () => GitHub): Remote {
  const { from, sha256: pinned } = wanted
  const [, tag, asset] = /^release:\/\/(.+)\/([^/]+)$/.exec(from) ?? []
  if (tag === undefined || asset === undefined)
    throw new UserError(`data.fetch asks for ${from}, which names no file of a release: write release://tag/asset.`)
  return { from, to: targetOf(wanted, asset), pinned, locate: () => locate(connect(), tag, asset) }
}

async function locate(github: GitHub, tag: string, asset: string): Promise<Located> {
  const release = await findRelease(github, tag)
  const of = `of ${github.owner}/${github.repo}`
  if (!release)
    throw new UserError(`data.fetch asks for a file of the release ${tag}, and ${of} there is none. Publish it.`)
  const found = (await listAssets(github, release.id)).find(({ name, state }) => name === asset && state === 'uploaded')
  if (!found)
    throw new UserError(
      `data.fetch asks for ${asset}, which the release ${tag} ${of} does not have: gh release upload '${tag}' ${asset}.`,
    )
  return {
    sha256: found.sha256 ?? undefined,
    version: `${github.owner}/${github.repo} asset ${found.id}`,
    content: { bytes: found.bytes, open: openAsset(github, found.id) },
  }
}
