import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasetDigest, digestFiles, mergeProfiles, openDataset } from '@modelyard/data'
import { newestOnBranch, readArtifactFiles } from '@modelyard/github'
import { artifactName, canonicalJson, type Model, readRecord, sha256, UserError } from '@modelyard/spec'
import { findBaseBranch, findBaseCommit } from './base-branch.ts'
import { writeFilesOf } from './base-files.ts'
import type { StepContext } from './context.ts'
import type { Reference } from './data-changes.ts'
import { asUserError } from './each-model.ts'
import { readProfile } from './learned.ts'
import { personalOf } from './personal.ts'
import { openRecords, PROFILE, REFERENCES } from './records.ts'
import { profileOf } from './validation/look.ts'

/** No honest profile comes near it: that of 300 columns has 2 MB. */
const LARGEST_PROFILE = 50_000_000

/** The training data that are compared: their digest, and their profile as it is written. */
interface Own {
  data: string
  profile: string | undefined
}

/**
 * What the base branch has: the profile that its newest run left, else one that is made of its data in git, where git
 * keeps them and the checkout has the branch. It is left beside the validation record. Undefined where there is no base.
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
      const text = await find(context, model, name, own)
      const path = join(await openRecords(context, model.name), REFERENCES.base)
      await writeFile(path, text)
      return {
        since: 'base',
        name,
        known: { profile: await readProfile(path, { version: name }), digest: sha256(text) },
      }
    } catch (error) {
      const mendable = asUserError(error)
      if (!mendable) throw error
      why.push(mendable.message)
    }
  }
  return { since: 'base', name, known: { reason: [`Nothing is known of the data of ${name}.`, ...why].join(' ') } }
}

async function profileOfRun({ github, log }: StepContext, { name }: Model, branch: string): Promise<string> {
  if (!github) throw new UserError('Without a token, GitHub is not asked for what its runs left.')
  const artifact = await newestOnBranch(github, { name: artifactName(name, 'validation'), branch })
  if (!artifact) throw new UserError(`No run of ${branch} left a profile of them, or GitHub does not keep it any more.`)
  const unreadable = (why: string) => new UserError(`What run ${artifact.run} of ${branch} left cannot be read: ${why}`)
  const files = await readArtifactFiles(github, artifact, {
    names: ['validation.json', PROFILE],
    limit: LARGEST_PROFILE,
  }).catch((error: unknown) => {
    throw asUserError(error) ?? unreadable(`${(error as Error).message}.`)
  })
  const [record, profile] = ['validation.json', PROFILE].map((file) => files.get(file)?.toString('utf8'))
  if (record === undefined || profile === undefined) throw unreadable('it holds no profile.')
  const { predicate } = readRecord(record, 'validation', `validation.json of run ${artifact.run}`)
  if (predicate.model !== name || predicate.profile?.sha256 !== sha256(profile))
    throw unreadable('its profile is not the one of its record.')
  log.info(`What ${branch} has is what its run ${artifact.run} found`)
  return profile
}

async function profileOfCommit({ root }: StepContext, model: Model, branch: string, own: Own): Promise<string> {
  const commit = await findBaseCommit(root, branch)
  if (commit === undefined)
    throw new UserError(`This checkout has no commit of ${branch}: with fetch-depth: 0, actions/checkout brings it.`)
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-base-'))
  try {
    const { data } = await writeFilesOf(root, model, { commit, branch, folder })
    if (own.profile !== undefined && datasetDigest(await digestFiles(folder, data.train)) === own.data)
      return own.profile
    const train = await openDataset({ root: folder, files: data.train })
    try {
      const { profile, unprofiled } = await profileOf(model, train, await personalOf(model))
      if (!profile) throw new UserError(unprofiled ?? 'No profile can be made of them.')
      return `${canonicalJson(mergeProfiles([profile]))}\n`
    } finally {
      train.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
