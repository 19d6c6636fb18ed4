import { rm } from 'node:fs/promises'
import type { Hub } from '../hub.ts'
import { blobUrl } from '../store/blobs.ts'
import type { Artifact } from '../store/entities.ts'
import { blobPath } from '../store/store.ts'
import { field, type Message, type RuntimeCaller, TwirpError } from './twirp.ts'

const RETENTION_DAYS = 90
const FORBIDDEN = /[":<>|*?\r\n\\/]/

type Handler = (hub: Hub, caller: RuntimeCaller, message: Message) => unknown

/** Artifacts v4: a run's artifacts, written by its jobs; names are unique within the run. */
export const artifactService: Record<string, Handler> = {
  CreateArtifact: (hub, { run, job }, message) => {
    const name = field(message, 'name')
    if (name === '' || FORBIDDEN.test(name)) throw new TwirpError('invalid_argument', `${name} is not a valid name`)
    requireOwn(run.id, message)
    if (find(hub, run.id, name)) {
      throw new TwirpError('already_exists', 'an artifact with this name already exists on the workflow run')
    }
    const at = hub.clock.now()
    const expires = new Date(Date.parse(at) + RETENTION_DAYS * 24 * 3600 * 1000).toISOString().replace('.000Z', 'Z')
    const artifact = hub.store.artifacts.insert({
      repo: run.repo,
      run: run.id,
      job: job.id,
      name,
      size: 0,
      digest: null,
      file: blobPath(hub.store),
      finalized: false,
      createdAt: at,
      expiresAt: expires,
    })
    return { ok: true, signed_upload_url: `${blobUrl(hub, artifact.file)}?sig=local` }
  },

  FinalizeArtifact: (hub, { run }, message) => {
    const artifact = required(hub, run.id, field(message, 'name'))
    hub.store.artifacts.update(artifact, {
      size: Number(field(message, 'size')),
      digest: String((message.hash as unknown as { value?: string })?.value ?? message.hash ?? '') || null,
      finalized: true,
    })
    return { ok: true, artifact_id: String(artifact.id) }
  },

  ListArtifacts: (hub, { run }, message) => {
    requireOwn(run.id, message)
    const name = filter(message, 'name_filter', 'nameFilter')
    const id = filter(message, 'id_filter', 'idFilter')
    const rows = hub.store.artifacts.filter(
      (row) => row.run === run.id && row.finalized && (!name || row.name === name) && (!id || row.id === Number(id)),
    )
    return { artifacts: rows.map((row) => listed(run.id, row)) }
  },

  GetSignedArtifactURL: (hub, { run }, message) => {
    requireOwn(run.id, message)
    const artifact = required(hub, run.id, field(message, 'name'))
    return { signed_url: `${blobUrl(hub, artifact.file)}?sig=local` }
  },

  DeleteArtifact: async (hub, { run }, message) => {
    requireOwn(run.id, message)
    const artifact = required(hub, run.id, field(message, 'name'))
    hub.store.artifacts.delete(artifact.id)
    await rm(artifact.file, { force: true })
    return { ok: true, artifact_id: String(artifact.id) }
  },
}

function find(hub: Hub, run: number, name: string): Artifact | undefined {
  return hub.store.artifacts.find((row) => row.run === run && row.name === name)
}

function required(hub: Hub, run: number, name: string): Artifact {
  const artifact = find(hub, run, name)
  if (!artifact) throw new TwirpError('not_found', 'artifact not found')
  return artifact
}

/** A job's token opens its own run and no other. */
function requireOwn(run: number, message: Message): void {
  if (field(message, 'workflow_run_backend_id') !== String(run)) {
    throw new TwirpError('permission_denied', 'the token is of another run')
  }
}

function filter(message: Message, snake: string, camel: string): string | undefined {
  const value = (message[snake] ?? message[camel]) as unknown
  return typeof value === 'object' && value !== null
    ? (value as { value?: string }).value
    : (value as string | undefined)
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
