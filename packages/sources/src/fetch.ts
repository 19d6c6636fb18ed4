import { fetchArtifact } from './artifact.ts'
import { type Brought, bring, type Place } from './bring.ts'
import { atAddress } from './https.ts'
import { inLanes } from './lanes.ts'
import { NETWORK, type Network } from './redirects.ts'
import { inRelease } from './release.ts'
import type { Remote, Wanted } from './remote.ts'
import { inBucket } from './s3.ts'
import { refuseTwice } from './targets.ts'

/** Where files are fetched to, and how the places where they lie are reached. */
export interface Surroundings extends Place {
  /** A folder of Modelyard's own, in which archives are unpacked. */
  scratch: string
  env: NodeJS.ProcessEnv
  network?: Network
}

/**
 * Fetches what `data.fetch` names, several files at once; answers with them when all are there. It may be killed at any
 * moment and called again: a file is there whole or not at all, and what is there is not fetched again. Throws a
 * `UserError` for what is not there, may not be read, or has other bytes than it must.
 */
export async function fetchFiles(wanted: readonly Wanted[], surroundings: Surroundings): Promise<Brought[]> {
  const [artifacts, others] = [true, false].map((is) =>
    wanted.filter(({ from }) => is === from.startsWith('artifact:')),
  )
  const remotes = (await inLanes(others!, (each) => list(each, surroundings))).flat()
  refuseTwice([...remotes, ...artifacts!.filter(({ to }) => !to.endsWith('/'))])
  const files = await inLanes(remotes, (remote) => bring(remote, surroundings))
  // One after the other: two entries may be of one artifact.
  for (const each of artifacts!) files.push(...(await fetchArtifact(each, surroundings)))
  return files
}

/** The files that an entry names. */
async function list(wanted: Wanted, { env, connect, network = NETWORK }: Surroundings): Promise<Remote[]> {
  if (wanted.from.startsWith('s3:')) return inBucket(wanted, env)
  return [wanted.from.startsWith('release:') ? inRelease(wanted, connect) : atAddress(wanted, network)]
}
