import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { at, type GitHub } from './connect.ts'
import { type Bytes, type Open, partOf, rangeOf, save } from './download.ts'
import { hasStatus } from './errors.ts'

export interface WorkflowRun {
  id: number
  attempt: number
  url: string
  event: string
  headSha: string
  headBranch: string | null
  /** `owner/name` of the repository that the commit came from: not this one for a fork's pull request. */
  headRepository: string | null
  conclusion: string | null
}

/** The runs on a commit, newest first. */
export async function listRuns(
  github: GitHub,
  { headSha, event }: { headSha: string; event?: string },
): Promise<WorkflowRun[]> {
  const runs = await github.octokit.paginate(github.octokit.rest.actions.listWorkflowRunsForRepo, {
    ...at(github),
    head_sha: headSha,
    ...(event === undefined ? {} : { event }),
    per_page: 100,
  })
  return runs.map(describe).sort((a, b) => b.id - a.id)
}

/** Reads one run; null where there is none, or none any more. */
export async function readRun(github: GitHub, id: number): Promise<WorkflowRun | null> {
  try {
    return describe((await github.octokit.rest.actions.getWorkflowRun({ ...at(github), run_id: id })).data)
  } catch (error) {
    if (!hasStatus(error, 404)) throw error
    return null
  }
}

interface Given {
  id: number
  run_attempt?: number
  html_url: string
  event: string
  head_sha: string
  head_branch: string | null
  head_repository?: { full_name: string } | null
  conclusion: string | null
}

function describe(run: Given): WorkflowRun {
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    url: run.html_url,
    event: run.event,
    headSha: run.head_sha,
    headBranch: run.head_branch,
    headRepository: run.head_repository?.full_name ?? null,
    conclusion: run.conclusion,
  }
}

export interface Artifact {
  id: number
  name: string
  bytes: number
}

/**
 * The artifacts of a run that have not expired, newest first: a job that ran again left its own beside the older.
 * Undefined where there are more than `most`, which are not all listed then.
 */
export async function listArtifacts(
  github: GitHub,
  of: { runId: number; name?: string; most: number },
): Promise<Artifact[] | undefined>
export async function listArtifacts(github: GitHub, of: { runId: number; name?: string }): Promise<Artifact[]>
export async function listArtifacts(
  github: GitHub,
  { runId, name, most = Number.POSITIVE_INFINITY }: { runId: number; name?: string; most?: number },
): Promise<Artifact[] | undefined> {
  let listed = 0
  const artifacts = await github.octokit.paginate(
    github.octokit.rest.actions.listWorkflowRunArtifacts,
    { ...at(github), run_id: runId, ...(name === undefined ? {} : { name }), per_page: 100 },
    ({ data }, done) => {
      listed += data.length
      if (listed > most) done()
      return data
    },
  )
  if (listed > most) return undefined
  return artifacts
    .filter((artifact) => !artifact.expired)
    .map(({ id, name, size_in_bytes }) => ({ id, name, bytes: size_in_bytes }))
    .sort((a, b) => b.id - a.id)
}

/** Downloads an artifact and unpacks it into a folder; answers with the paths of its files inside the folder. */
export async function downloadArtifact(
  github: GitHub,
  { artifactId, folder }: { artifactId: number; folder: string },
): Promise<string[]> {
  const temporary = await mkdtemp(join(tmpdir(), 'modelyard-artifact-'))
  try {
    const { data } = await github.octokit.rest.actions.downloadArtifact({
      ...at(github),
      artifact_id: artifactId,
      archive_format: 'zip',
      request: { parseSuccessResponseBody: false },
    })
    const archive = join(temporary, 'artifact.zip')
    await save(data as Bytes, archive)
    return await unpack(archive, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Unpacks an artifact's zip file into a folder; answers with the paths of its files inside the folder. See `unzip`. */
export async function unpack(archive: string, folder: string): Promise<string[]> {
  const { unzip } = await import('./unzip.ts')
  return unzip(archive, folder)
}

/**
 * Reads a few small files of an artifact, and of the artifact no more than that takes; see `readEntries`. Throws a plain
 * `Error` for an artifact that is no zip file, or holds more than `limit` under one of the names.
 */
export async function readArtifactFiles(
  github: GitHub,
  { id, bytes }: Artifact,
  { names, limit }: { names: readonly string[]; limit: number },
): Promise<Map<string, Buffer>> {
  const { readEntries } = await import('./archive.ts')
  return readEntries(openArtifact(github, id), { bytes, names, limit })
}

/** Reads an artifact's zip file part by part: each is a request of its own. */
export function openArtifact(github: GitHub, id: number): Open {
  return async (span) => {
    const { status, data } = await github.octokit.rest.actions.downloadArtifact({
      ...at(github),
      artifact_id: id,
      archive_format: 'zip',
      headers: rangeOf(span),
      request: { parseSuccessResponseBody: false },
    })
    return partOf(status, data as Bytes, span)
  }
}
