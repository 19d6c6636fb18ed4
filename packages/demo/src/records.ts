import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downloadArtifact, listArtifacts, listRuns } from '@modelyard/github'
import { artifactName, type Kind, readRecord, type Statement } from '@modelyard/spec'
import { holds } from './look.ts'
import { MODEL, type World } from './world.ts'

/** The record of a kind that the run of an event on a commit published. */
export async function artifactRecord<K extends Kind>(
  world: World,
  on: { event: string; sha: string },
  kind: K,
): Promise<Statement<K>> {
  for (const { id } of await listRuns(world.ada.github, { headSha: on.sha, event: on.event })) {
    const record = await findRecord(world, id, kind)
    if (record) return record
  }
  holds(false, `no run for ${on.event} on ${on.sha.slice(0, 7)} published a ${kind} record`)
}

/** The record of a kind that a run published. */
export async function runRecord<K extends Kind>(world: World, run: number, kind: K): Promise<Statement<K>> {
  const record = await findRecord(world, run, kind)
  holds(record, `the run ${run} published no ${kind} record`)
  return record
}

async function findRecord<K extends Kind>({ ada }: World, runId: number, kind: K): Promise<Statement<K> | undefined> {
  const [artifact] = await listArtifacts(ada.github, { runId, name: artifactName(MODEL, kind) })
  if (!artifact) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-demo-'))
  try {
    await downloadArtifact(ada.github, { artifactId: artifact.id, folder })
    return readRecord(await readFile(join(folder, `${kind}.json`), 'utf8'), kind)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
