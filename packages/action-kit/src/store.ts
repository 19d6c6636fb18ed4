import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RefusedError } from '@modelyard/spec'
import type { RecordStore } from '@modelyard/steps'

/** Records as workflow artifacts of this run, under names that begin with `modelyard-`. */
export const artifactStore: RecordStore = {
  async publish(name, folder, files, { keptDays } = {}) {
    const client = await openClient()
    // A job that is run again finds its own artifact of the attempt before: the newest counts.
    await client.deleteArtifact(name).catch(() => undefined)
    const options = { compressionLevel: 1, ...(keptDays !== undefined && { retentionDays: keptDays }) }
    await client.uploadArtifact(name, files, folder, options).catch(refuse(`publish ${name}`))
  },
  async collect(folder, isWanted = () => true) {
    const client = await openClient()
    const { artifacts } = await client.listArtifacts({ latest: true }).catch(refuse('list the artifacts of this run'))
    const ours = artifacts.filter(({ name }) => /^modelyard-[\w.-]+$/.test(name) && isWanted(name))
    for (const { id, name, digest } of ours) {
      const path = join(folder, name)
      await mkdir(path, { recursive: true })
      const { digestMismatch } = await client
        .downloadArtifact(id, { path, ...(digest ? { expectedHash: digest } : {}) })
        .catch(refuse(`fetch ${name}`))
      if (digestMismatch)
        throw new RefusedError(`The artifact ${name} came with other bytes than were published. Run the job again.`)
    }
    return ours.map(({ name }) => name)
  },
}

/** The client is heavy: it is loaded by the steps that publish or collect, when they do. */
async function openClient() {
  const { DefaultArtifactClient } = await import('@actions/artifact')
  return new DefaultArtifactClient()
}

function refuse(purpose: string): (cause: Error) => never {
  return (cause) => {
    const server = process.env.GITHUB_SERVER_URL ?? ''
    const mend = /GHES/.test(cause.message)
      ? `${server} does not take today's artifact client; GitHub.com does.`
      : 'Run the job again; if it stays, look at githubstatus.com.'
    throw new RefusedError(`GitHub would not ${purpose}: ${cause.message}. ${mend}`, { cause })
  }
}
