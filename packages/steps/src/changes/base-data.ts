import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasetDigest, digestFiles, mergeProfiles, openDataset } from '@modelyard/data'
import { newestOnBranch, readArtifactFiles } from '@modelyard/github'
import { artifactName, canonicalJson, type Model, readRecord, sha256 } from '@modelyard/spec'
import type { StepContext } from '../context.ts'
import { asUserError } from '../each-model.ts'
import { keepProfile } from '../learned.ts'
import { personalOf } from '../personal.ts'
import { openRecords, PROFILE, REFERENCES } from '../records.ts'
import { columnNames, profileOf } from '../validation/look.ts'
import { findBaseBranch, findBaseCommit } from './base-branch.ts'
import { writeFilesOf } from './base-files.ts'
import type { Reference } from './data-changes.ts'

/** No honest profile comes near it: that of 300 columns has 2 MB. */
const LARGEST_PROFILE = 50_000_000

/** The training data that are compared: their digest, and their profile as it is written. */
interface Own {
  data: string
  profile: string | undefined
}

/** A profile as it is written, or why there is none, which may be the last word on it. */
type Found = { text: string } | { why: string; last?: true }

/**
 * What the base branch has: the profile that its newest run left. Where GitHub is not asked, or does not give it, it is
 * made of the branch's data in git, where git keeps them and the checkout has the branch; not where the branch surely
 * has no run, so that the same commit is told the same in a job and on a laptop, however deep the checkout. It is left
 * beside the validation record. Undefined where there is no base.
 */
export async function baseReference(context: StepContext, model: Model, own: Own): Promise<Reference | undefined> {
  const name = await findBaseBranch(context)
  if (name === undefined) {
    context.log.info(
      'The training data are compared with no other branch: this is the default branch, or none is known.',
    )
    return undefined
  }
  const why: string[] = []
  for (const find of [profileOfRun, profileOfCommit]) {
    try {
      const found = await find(context, model, name, own)
      if ('text' in found) return { since: 'base', name, known: await keep(context, model, name, found.text) }
      why.push(found.why)
      if (found.last) break
    } catch (error) {
      const mendable = asUserError(error)
      if (!mendable) throw error
      why.push(mendable.message)
    }
  }
  return { since: 'base', name, known: { reason: [`Nothing is known of the data of ${name}.`, ...why].join(' ') } }
}

async function keep(context: StepContext, model: Model, name: string, text: string): Promise<Reference['known']> {
  const path = join(await openRecords(context, model.name), REFERENCES.base)
  return keepProfile(path, text, { model, version: name })
}

async function profileOfRun({ github, log }: StepContext, { name }: Model, branch: string): Promise<Found> {
  if (!github) return { why: 'Without a token, GitHub is not asked for what its runs left.' }
  const artifact = await newestOnBranch(github, { name: artifactName(name, 'validation'), branch })
  if (!artifact)
    return { why: `No run of ${branch} left a profile of them, or GitHub does not keep it any more.`, last: true }
  const unreadable = (why: string) => ({ why: `What run ${artifact.run} of ${branch} left cannot be read: ${why}` })
  const files = await readArtifactFiles(github, artifact, {
    names: ['validation.json', PROFILE],
    limit: LARGEST_PROFILE,
  }).catch((error: unknown) => {
    if (asUserError(error)) throw error
    return unreadable(`${(error as Error).message}.`)
  })
  if ('why' in files) return files
  const [record, text] = ['validation.json', PROFILE].map((file) => files.get(file)?.toString('utf8'))
  if (record === undefined || text === undefined) return unreadable('it holds no profile.')
  const { predicate } = readRecord(record, 'validation', `validation.json of run ${artifact.run}`)
  if (predicate.model !== name || predicate.profile?.sha256 !== sha256(text))
    return unreadable('its profile is not the one of its record.')
  log.info(`What ${branch} has is what its run ${artifact.run} found`)
  return { text }
}

async function profileOfCommit({ root }: StepContext, model: Model, branch: string, own: Own): Promise<Found> {
  const commit = await findBaseCommit(root, branch)
  if (commit === undefined)
    return { why: `This checkout has no commit of ${branch}: with fetch-depth: 0, actions/checkout brings it.` }
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-base-'))
  try {
    const { data } = await writeFilesOf(root, model, { commit, branch, folder })
    if (own.profile !== undefined && datasetDigest(await digestFiles(folder, data.train)) === own.data)
      return { text: own.profile }
    const train = await openDataset({ root: folder, files: data.train })
    try {
      const { profile, unprofiled } = await profileOf(model, train, await personalOf(model, columnNames(train)))
      if (!profile) return { why: unprofiled ?? 'No profile can be made of them.' }
      return { text: `${canonicalJson(mergeProfiles([profile]))}\n` }
    } finally {
      train.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
