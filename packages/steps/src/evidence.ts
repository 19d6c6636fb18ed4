import { join } from 'node:path'
import { readCommit } from '@modelyard/github'
import {
  fileDigest,
  lets,
  type Model,
  type Predicate,
  recordDigest,
  recordsFolder,
  type Statement,
  UserError,
  type VersionFile,
} from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'
import { modelFile, needRecord, PROFILE } from './records.ts'

/** The records of a candidate, found to speak of the same bytes, data and source, and all to let it through. */
export interface Evidence {
  validation: Statement<'validation'>
  training: Statement<'training'>
  gate: Statement<'gate'>
  source: { commit: string; tree: string }
  digests: { model: string; gate: string; training: string; validation: string }
}

/**
 * Reads what was judged and holds it against itself: what is registered must be what was trained, from the data that
 * were validated and the source that is on the branch, and what the gate let through. Throws the first contradiction.
 */
export async function gatherEvidence(context: StepContext, model: Model): Promise<Evidence> {
  const { name } = model
  const validation = await needRecord(context, 'validation', name, 'validate-data')
  const training = await needRecord(context, 'training', name, 'train')
  const gate = await needRecord(context, 'gate', name, 'evaluate')
  for (const { predicate } of [validation, training, gate]) {
    if (!lets(predicate.verdict)) {
      throw new UserError(
        `${name} is not registered, because its verdict is ${predicate.verdict}: ${predicate.reasons[0] ?? 'no reason was given'}`,
      )
    }
  }
  const folder = join(context.root, recordsFolder(name))
  const bytes = (await fileDigest(join(folder, modelFile(training.predicate.artifact.name)))).sha256
  const profile = (await fileDigest(join(folder, PROFILE)).catch(() => undefined))?.sha256
  const source = await readTrustedSource(context)
  const contradiction = contradict({
    bytes,
    profile,
    tree: source.tree,
    validation: validation.predicate,
    training: training.predicate,
    gate: gate.predicate,
  })
  if (contradiction) throw new UserError(`${name} is not registered: ${contradiction} Run the whole workflow again.`)
  const digests = {
    model: bytes,
    gate: recordDigest(gate as Statement),
    training: recordDigest(training as Statement),
    validation: recordDigest(validation as Statement),
  }
  return { validation, training, gate, source, digests }
}

/** The first thing on which the records disagree, as a sentence; undefined where they agree. Pure. */
export function contradict({
  bytes,
  profile,
  tree,
  validation,
  training,
  gate,
}: {
  bytes: string
  profile: string | undefined
  tree: string
  validation: Predicate<'validation'>
  training: Predicate<'training'>
  gate: Predicate<'gate'>
}): string | undefined {
  if (training.artifact.sha256 !== bytes)
    return `the bytes that came (${short(bytes)}) are not those that were trained (${short(training.artifact.sha256)}).`
  if (gate.candidate.sha256 !== bytes)
    return `the bytes that came (${short(bytes)}) are not those that were judged (${short(gate.candidate.sha256)}).`
  if (validation.profile?.sha256 !== profile)
    return `the profile that came (${short(profile)}) is not the one of the data that were validated (${short(validation.profile?.sha256)}).`
  for (const [step, { source }] of Object.entries({ 'validate-data': validation, train: training, evaluate: gate })) {
    if (source.tree !== tree)
      return `${step} saw another source (tree ${short(source.tree)}) than this commit's (tree ${short(tree)}).`
    if (source.dirty) return `${step} ran on files that were changed after the checkout.`
  }
  const validated = new Map(validation.datasets.map(({ role, sha256 }) => [role, sha256]))
  const used = [
    ...training.data,
    gate.holdout,
    ...(gate.train ? [gate.train] : []),
    ...[gate.data_changes, ...(validation.changes ?? [])].flatMap((each) =>
      each ? [{ role: 'train' as const, sha256: each.data.sha256 }] : [],
    ),
  ]
  for (const { role, sha256 } of used) {
    if (validated.get(role) !== sha256)
      return `the ${role} data that were used (${short(sha256)}) are not those that were validated (${short(validated.get(role))}).`
  }
  const time = gate.metrics.find(({ name }) => name === 'training_time')?.candidate.value ?? undefined
  if (time !== undefined && time !== training.training_seconds)
    return `the gate judged a training of ${time} seconds, and the training record says ${training.training_seconds ?? 'nothing'}.`
  if (gate.data_changes && !gate.champion)
    return 'what changed in the training data is told against a champion, but the candidate was compared with none.'
  return undefined
}

/** What the records say of the gate's champion otherwise than the champion's manifest, as a sentence. Pure. */
export function contradictChampion(
  { gate: { champion, data_changes }, validation }: { gate: Predicate<'gate'>; validation: Predicate<'validation'> },
  { version, digests, assets }: Pick<VersionFile, 'version' | 'digests' | 'assets'>,
): string | undefined {
  if (champion?.sha256 !== digests.model)
    return `the bytes that the candidate was compared with (${short(champion?.sha256)}) are not those of ${version} (${short(digests.model)}).`
  const learned = assets.find(({ name }) => name === PROFILE)?.sha256
  const compared = validation.changes?.filter(({ since, name }) => since === 'champion' && name === version) ?? []
  for (const { reference } of [...(data_changes ? [data_changes] : []), ...compared]) {
    if (reference && reference.sha256 !== learned)
      return `the profile that the training data were compared with (${short(reference.sha256)}) is not the one of ${version} (${short(learned)}).`
  }
  return undefined
}

function short(digest: string | undefined | null): string {
  return digest?.slice(0, 12) ?? 'none'
}

/** The commit that this run is about, and its tree as GitHub knows it rather than as a job says. */
async function readTrustedSource(context: StepContext): Promise<{ commit: string; tree: string }> {
  const { commit } = context.run
  if (!commit)
    throw new UserError('register does not know the commit that was judged: run it in a checkout, or in a workflow.')
  const { tree } = await readCommit(needGitHub(context, 'read the commit that was judged'), commit)
  return { commit, tree }
}
