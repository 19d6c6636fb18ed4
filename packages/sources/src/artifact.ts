import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Artifact,
  type GitHub,
  listArtifacts,
  newestOnBranch,
  openArtifact,
  readDefaultBranch,
  type Span,
  unpack,
} from '@modelyard/github'
import { fileDigest, UserError } from '@modelyard/spec'
import { type Brought, bring, type Place } from './bring.ts'
import { inLanes } from './lanes.ts'
import type { Remote, Wanted } from './remote.ts'
import { targetOf } from './targets.ts'

/**
 * Fetches the files of an artifact of this repository, `artifact://name`: of this very run, or else the newest of the
 * default branch. Throws a `UserError` where there is none, or several files are to become one.
 */
export async function fetchArtifact(wanted: Wanted, place: Place & { scratch: string }): Promise<Brought[]> {
  const { from, to, sha256: pinned } = wanted
  const github = place.connect()
  const { id, bytes } = await find(github, from, place.run)
  const [zip, folder] = [`artifact-${id}.zip`, join(place.scratch, `artifact-${id}`)]
  const archive: Remote = {
    ...{ from, to: zip, pinned: undefined },
    locate: async () => ({
      version: `${github.owner}/${github.repo} artifact ${id}`,
      content: { bytes, open: openArtifact(github, id) },
    }),
  }
  try {
    await bring(archive, { ...place, root: place.scratch, folder: place.scratch })
    await rm(folder, { recursive: true, force: true })
    const names = await unpack(join(place.scratch, zip), folder)
    if (names.length !== 1 && (!to.endsWith('/') || pinned !== undefined))
      throw new UserError(
        `data.fetch makes ${to} of ${from}, which has ${names.length} files: name a folder, with a / at its end, and no sha256.`,
      )
    const files = names.map((name) => ({ ...unpacked(join(folder, name)), from, to: targetOf(wanted, name), pinned }))
    const quiet = { ...place, cache: undefined, tell: () => {} }
    return await inLanes(files, (file) => bring(file, quiet))
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(join(place.scratch, zip), { force: true })
  }
}

/** A file that was unpacked, as a thing to be fetched: so that it is checked, and there whole or not at all. */
function unpacked(path: string): Pick<Remote, 'locate'> {
  return {
    async locate() {
      const { sha256, bytes } = await fileDigest(path)
      const open = async ({ start, end }: Span) => createReadStream(path, { start, end: end - 1 })
      return { sha256, content: { bytes, open } }
    },
  }
}

async function find(github: GitHub, from: string, run: number | undefined): Promise<Artifact> {
  const name = from.slice('artifact://'.length)
  const [own] = run === undefined ? [] : await listArtifacts(github, { runId: run, name })
  if (own) return own
  const branch = await readDefaultBranch(github)
  const newest = await newestOnBranch(github, { name, branch })
  if (newest) return newest
  throw new UserError(
    `data.fetch asks for ${from}, and neither this run nor a run of ${branch} has left an artifact ${name} that is still kept. Run the workflow that leaves it.`,
  )
}
