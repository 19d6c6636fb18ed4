import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { downloadArtifact, findPullRequest, type GitHub, GitHubError, listArtifacts, listRuns } from '@modelyard/github'
import { artifactName, fileDigest, type Model, readRecord } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { MODEL_FILE, predictionsFile } from './records.ts'

/**
 * Looks for the bytes that the pull request merged by this commit trained under this identity, and puts them where
 * the training command would. Only a run of this repository, at the very head that was merged, is believed: anybody
 * can publish an artifact from a fork, and an earlier head was not the one that was reviewed.
 */
export async function findTrained(
  context: StepContext,
  model: Model,
  identity: string,
): Promise<{ url: string } | undefined> {
  const { github, run, log } = context
  if (!github || !run.trusted || !run.commit) return undefined
  const pull = await findPullRequest(github, { sha: run.commit })
  if (!pull) return say('No merged pull request brought this commit')
  if (pull.fork) return say(`Pull request #${pull.number} came from a fork, whose records are claims`)
  const runs = await listRuns(github, { headSha: pull.head, event: 'pull_request' })
  for (const { id, url } of runs.filter(({ headRepository }) => headRepository === run.repository)) {
    if (await takeFrom(context, github, id, model, identity)) {
      log.info(`Took the model that ${url} trained from the same command, code and data; nothing is trained again.`)
      return { url }
    }
  }
  return say(`No run of pull request #${pull.number} trained from exactly this command, code and data`)

  function say(why: string): undefined {
    log.info(`${why}: training.`)
  }
}

/** Whether a run has the model; if so, it lies in place afterwards. */
async function takeFrom(
  { log }: StepContext,
  github: GitHub,
  runId: number,
  model: Model,
  identity: string,
): Promise<boolean> {
  const artifacts = await listArtifacts(github, { runId, name: artifactName(model.name, 'training') })
  for (const artifact of artifacts) {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-trained-'))
    try {
      await downloadArtifact(github, { artifactId: artifact.id, folder })
      if (await putInPlace(model, identity, folder)) return true
    } catch (error) {
      // Expired, of a newer release or broken: not this one. A refusal is the workflow's to mend.
      if (error instanceof GitHubError && error.status === 403) throw error
      log.info(`The model of run ${runId} cannot be taken: ${(error as Error).message}`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return false
}

async function putInPlace(model: Model, identity: string, folder: string): Promise<boolean> {
  const record = readRecord(await readFile(join(folder, 'training.json'), 'utf8'), 'training').predicate
  if (record.identity !== identity || record.model !== model.name) return false
  const { model: output, predictions } = model.train
  const wanted = [{ from: MODEL_FILE, to: output, sha256: record.artifact.sha256 }]
  if (predictions) {
    if (!record.predictions) return false
    wanted.push({ from: predictionsFile(predictions), to: predictions, sha256: record.predictions.sha256 })
  }
  for (const { from, sha256 } of wanted) if ((await fileDigest(join(folder, from))).sha256 !== sha256) return false
  for (const { from, to } of wanted) {
    await mkdir(dirname(join(model.folder, to)), { recursive: true })
    await cp(join(folder, from), join(model.folder, to))
  }
  return true
}
