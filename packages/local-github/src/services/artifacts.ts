import { rm } from 'node:fs/promises'
import type { Hub } from '../hub.ts'
import { isExpired } from '../shapes/runs.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import { blobUrl } from '../store/blobs.ts'
import { formatTime } from '../store/clock.ts'
import type { Artifact } from '../store/entities.ts'
import { blobPath } from '../store/store.ts'
import { demandUploaded } from './blobs.ts'
import { countOf, type Message, optionalCount, optionalText, type RuntimeCaller, TwirpError, textOf } from './twirp.ts'

const DAY = 24 * 3600 * 1000
const FORBIDDEN = /[":<>|*?\r\n\\/\0]/

type Handler = (hub: Hub, caller: RuntimeCaller, message: Message) => unknown

/** Artifacts v4: a run's artifacts, written by its jobs; names are unique within the run, and what is there stays. */
export const artifactService: Record<string, Handler> = {
  CreateArtifact: (hub, caller, message) => {
    const { run, job } = caller
    demandOwnJob(caller, message)
    const name = textOf(message, 'name')
    if (FORBIDDEN.test(name)) throw new TwirpError('invalid_argument', `${name} is not a valid name`)
    if (find(hub, run.id, name))
      throw new TwirpError('already_exists', 'an artifact with this name already exists on the workflow run')
    const artifact = hub.store.artifacts.insert({
      repo: run.repo,
      run: run.id,
      job: job.id,
      name,
      size: 0,
      digest: null,
      file: blobPath(hub.store),
      finalized: false,
      createdAt: hub.clock.now(),
      expiresAt: expiry(hub, run.repo, optionalText(message, 'expires_at')),
    })
    return { ok: true, signed_upload_url: blobUrl(hub, artifact.file, 'w', 60) }
  },

  FinalizeArtifact: (hub, caller, message) => {
    demandOwnJob(caller, message)
    const artifact = find(hub, caller.run.id, textOf(message, 'name'))
    if (!artifact || artifact.finalized) throw new TwirpError('not_found', 'artifact not found')
    const [size, hash] = [countOf(message, 'size'), optionalText(message, 'hash')]
    demandUploaded(artifact.file, size)
    if (hash !== undefined && hash !== artifact.digest)
      throw new TwirpError('invalid_argument', `${artifact.digest} was uploaded, and not ${hash}`)
    hub.store.artifacts.update(artifact, { size, finalized: true })
    return { ok: true, artifact_id: String(artifact.id) }
  },

  ListArtifacts: (hub, caller, message) => {
    demandOwnRun(caller, message)
    const { run } = caller
    const name = optionalText(message, 'name_filter')
    const id = optionalCount(message, 'id_filter')
    const rows = hub.store.artifacts.filter(
      (row) =>
        row.run === run.id &&
        canBeHad(hub, row) &&
        (name === undefined || row.name === name) &&
        (id === undefined || row.id === id),
    )
    return { artifacts: rows.map((row) => listed(run.id, row)) }
  },

  GetSignedArtifactURL: (hub, caller, message) => {
    demandOwnRun(caller, message)
    const artifact = required(hub, caller.run.id, textOf(message, 'name'))
    return { signed_url: blobUrl(hub, artifact.file, 'r', 60) }
  },

  DeleteArtifact: async (hub, caller, message) => {
    demandOwnRun(caller, message)
    const artifact = required(hub, caller.run.id, textOf(message, 'name'))
    hub.store.artifacts.delete(artifact.id)
    await rm(artifact.file, { force: true })
    return { ok: true, artifact_id: String(artifact.id) }
  },
}

/** When it is asked to be gone, but never later than the repository's settings allow. */
function expiry({ store, clock }: Hub, repo: number, asked: string | undefined): string {
  const latest = clock.time().getTime() + actionsSettings(store, repo).retention_days * DAY
  const time = asked === undefined ? latest : Date.parse(asked)
  if (Number.isNaN(time)) throw new TwirpError('malformed', 'expires_at is not a time')
  return formatTime(new Date(Math.min(time, latest)))
}

const canBeHad = (hub: Hub, row: Artifact) => row.finalized && !isExpired(hub, row)

function find(hub: Hub, run: number, name: string): Artifact | undefined {
  return hub.store.artifacts.find((row) => row.run === run && row.name === name)
}

function required(hub: Hub, run: number, name: string): Artifact {
  const artifact = find(hub, run, name)
  if (!artifact || !canBeHad(hub, artifact)) throw new TwirpError('not_found', 'artifact not found')
  return artifact
}

/** A job's token opens its own run and no other. */
function demandOwnRun({ run }: RuntimeCaller, message: Message): void {
  if (textOf(message, 'workflow_run_backend_id') !== String(run.id))
    throw new TwirpError('permission_denied', 'the token is of another run')
}

/** It writes as its own job. */
function demandOwnJob(caller: RuntimeCaller, message: Message): void {
  demandOwnRun(caller, message)
  if (textOf(message, 'workflow_job_run_backend_id') !== String(caller.job.id))
    throw new TwirpError('permission_denied', 'the token is of another job')
}

function listed(run: number, { id, job, name, size, digest, createdAt }: Artifact) {
  return {
    workflow_run_backend_id: String(run),
    workflow_job_run_backend_id: String(job),
    database_id: String(id),
    name,
    size: String(size),
    created_at: createdAt,
    ...(digest ? { digest } : {}),
  }
}
