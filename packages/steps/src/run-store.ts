import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Artifact, type GitHub, GitHubError, listArtifacts, readArtifactFiles } from '@modelyard/github'
import { type Kind, parseArtifactName, UserError } from '@modelyard/spec'
import type { RecordStore } from './context.ts'
import { PLAN } from './records.ts'

/** The kinds of records that a report is made of. */
const REPORTED: readonly string[] = ['validation', 'training', 'gate', 'failure'] satisfies Kind[]

/** No honest record comes near it: a thousand slices are 0.3 MB. */
const LARGEST_RECORD = 5_000_000

/** The records of 20 models and their plan; a run that anybody may start decides how many there are. */
const MOST_RECORDS = 81

/** Artifacts of every name: as many are listed, ten requests. */
const MOST_ARTIFACTS = 1000

/**
 * What another run published, to be read alone: the plan and the records that a report is made of, not the models and
 * data that lie beside them. Nothing in it is trusted: neither how many there are, nor how large they are. Throws a
 * `UserError` for a run that left more than a report takes, and for an archive that cannot be read.
 */
export function openRunStore(github: GitHub, runId: string): RecordStore {
  return {
    publish: () => Promise.reject(new Error(`Nothing can be added to what run ${runId} published.`)),
    async collect(folder) {
      const all = await listArtifacts(github, { runId: Number(runId), most: MOST_ARTIFACTS })
      if (!all)
        throw new UserError(`Run ${runId} left more than ${MOST_ARTIFACTS} artifacts; no more are looked through.`)
      const records = newestOfEachName(all).filter(({ name }) => isReported(name))
      if (records.length > MOST_RECORDS)
        throw new UserError(
          `Run ${runId} left ${records.length} records; a report on another run takes ${MOST_RECORDS} at most.`,
        )
      for (const artifact of records) await readRecordInto(join(folder, artifact.name), github, artifact)
      return records.map(({ name }) => name)
    },
  }
}

function isReported(name: string): boolean {
  return name === PLAN || REPORTED.includes(parseArtifactName(name)?.kind ?? '')
}

/** A job that ran again left its own beside the older, which stands behind it. */
function newestOfEachName(artifacts: Artifact[]): Artifact[] {
  return [...new Map(artifacts.toReversed().map((artifact) => [artifact.name, artifact])).values()]
}

async function readRecordInto(folder: string, github: GitHub, artifact: Artifact): Promise<void> {
  const name = artifact.name === PLAN ? 'plan.json' : `${parseArtifactName(artifact.name)!.kind}.json`
  const files = await readArtifactFiles(github, artifact, { names: [name], limit: LARGEST_RECORD }).catch((cause) => {
    if (cause instanceof GitHubError) throw cause
    throw new UserError(
      `The artifact ${artifact.name} is no record that can be shown: ${(cause as Error).message}. Look at the run that left it.`,
      { cause },
    )
  })
  await mkdir(folder, { recursive: true })
  for (const [file, content] of files) await writeFile(join(folder, file), content)
}
