import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  downloadArtifact,
  findPullRequest,
  type GitHub,
  GitHubError,
  listArtifacts,
  listRuns,
  type PullRequest,
  readCommit,
  readDefaultBranch,
  readRef,
  readRun,
  type WorkflowRun,
} from '@modelyard/github'
import { readTrailers } from '@modelyard/registry'
import { artifactName, fileDigest, type Model, type Predicate, readRecord, retrainBranch } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { TRAINED_IN } from './living-pull-request.ts'
import { modelFile, predictionsFile } from './records.ts'

/** The run whose bytes were taken, and how long it says that it trained. */
interface Trained {
  url: string
  seconds: number | undefined
}

/**
 * Looks for the bytes that were trained under this identity already, and puts them where the training command would:
 * by a run of the pull request that this commit merged, or by the check for drift that opened it. Only a run of this
 * repository is believed, at the very head that was merged or on the default branch: anybody can publish an artifact
 * from a fork, and an earlier head was not the one that was reviewed. How long it trained is what that run says.
 */
export async function findTrained(context: StepContext, model: Model, identity: string): Promise<Trained | undefined> {
  const { github, run, log } = context
  if (!github || !run.trusted || !run.commit) return undefined
  const pull = await findPullRequest(github, { sha: run.commit })
  if (pull?.fork) return say(`Pull request #${pull.number} came from a fork, whose records are claims`)
  for (const find of [runsOf, driftRuns]) {
    for (const { id, url } of await find(github, model, pull)) {
      const record = await takeFrom(context, github, id, model, identity)
      if (!record) continue
      log.info(`Took the model that ${url} trained from the same command, code and data; nothing is trained again.`)
      return { url, seconds: record.training_seconds ?? record.run.training_seconds }
    }
  }
  if (!pull) return say('No merged pull request brought this commit')
  return say(`No run of pull request #${pull.number} trained from exactly this command, code and data`)

  function say(why: string): undefined {
    log.info(`${why}: training.`)
  }
}

/** The runs of the pull request itself. */
async function runsOf(github: GitHub, _: Model, pull: PullRequest | undefined): Promise<WorkflowRun[]> {
  if (!pull) return []
  const runs = await listRuns(github, { headSha: pull.head, event: 'pull_request' })
  return runs.filter((run) => isOurs(github, run))
}

/**
 * The run that trained for the retrain pull request, as its newest commit says: that of the pull request which was
 * merged, or of the one that is open. The commit only names the run; what the run is, GitHub says.
 */
async function driftRuns(github: GitHub, { name }: Model, pull: PullRequest | undefined): Promise<WorkflowRun[]> {
  const head = pull?.head ?? (await readRef(github, `refs/heads/${retrainBranch(name)}`))?.sha
  if (head === undefined) return []
  const id = Number(readTrailers((await readCommit(github, head)).message)[TRAINED_IN])
  const run = Number.isSafeInteger(id) && id > 0 ? await readRun(github, id) : null
  const branch = run && (await readDefaultBranch(github))
  return run && isOurs(github, run) && run.headBranch === branch && run.event !== 'pull_request' ? [run] : []
}

function isOurs({ owner, repo }: GitHub, { headRepository }: WorkflowRun): boolean {
  return headRepository === `${owner}/${repo}`
}

/** Takes the model of a run that has it: it lies in place afterwards; answers with the training's record. */
async function takeFrom(
  { log }: StepContext,
  github: GitHub,
  runId: number,
  model: Model,
  identity: string,
): Promise<Predicate<'training'> | undefined> {
  const artifacts = await listArtifacts(github, { runId, name: artifactName(model.name, 'training') })
  for (const artifact of artifacts) {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-trained-'))
    try {
      await downloadArtifact(github, { artifactId: artifact.id, folder })
      const record = await putInPlace(model, identity, folder)
      if (record) return record
    } catch (error) {
      // Expired, of a newer release or broken: not this one. A refusal is the workflow's to mend.
      if (error instanceof GitHubError && error.status === 403) throw error
      log.info(`The model of run ${runId} cannot be taken: ${(error as Error).message}`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return undefined
}

async function putInPlace(model: Model, identity: string, folder: string): Promise<Predicate<'training'> | undefined> {
  const record = readRecord(await readFile(join(folder, 'training.json'), 'utf8'), 'training').predicate
  if (record.identity !== identity || record.model !== model.name) return undefined
  const { model: output, predictions } = model.train
  const wanted = [{ from: modelFile(record.artifact.name), to: output, sha256: record.artifact.sha256 }]
  if (predictions) {
    if (!record.predictions) return undefined
    wanted.push({ from: predictionsFile(predictions), to: predictions, sha256: record.predictions.sha256 })
  }
  for (const { from, sha256 } of wanted) if ((await fileDigest(join(folder, from))).sha256 !== sha256) return undefined
  for (const { from, to } of wanted) {
    await mkdir(dirname(join(model.folder, to)), { recursive: true })
    await cp(join(folder, from), join(model.folder, to))
  }
  return record
}
