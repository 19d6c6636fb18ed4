import { join } from 'node:path'
import { judge } from '@modelyard/evaluation'
import { fileDigest, type Model, type Statement, UserError } from '@modelyard/spec'
import { type TrainingInputs, trainingIdentity } from '@modelyard/training'
import { fetchChampion, findChampion } from './champion.ts'
import { refuseForeignCode, type StepContext } from './context.ts'
import { withLines } from './gate-lines.ts'
import { personalOf } from './personal.ts'
import { commandsOf, runsCommands } from './predict.ts'
import { ensureData } from './prepare.ts'
import { beginRecord, modelFile, needRecord, openRecords, predictionsFile, publishRecord } from './records.ts'
import { refuseInvalidData } from './refuse-invalid-data.ts'
import { describeInputs } from './train.ts'

/**
 * Judges the candidate that `train` left against today's champion, on the same rows. `champion: 'none'` looks at the
 * candidate alone, where there is no registry yet; what is judged so can be registered only while there is none.
 */
export async function evaluate(
  context: StepContext,
  model: Model,
  options: { champion: 'registry' | 'none' } = { champion: 'registry' },
): Promise<Statement<'gate'>> {
  if (runsCommands(model)) refuseForeignCode(context)
  const clock = beginRecord(context, model)
  const training = (await needRecord(context, 'training', model.name, 'train')).predicate
  const folder = await openRecords(context, model.name)
  const candidate = join(folder, modelFile(training.artifact.name))
  const { sha256 } = await fileDigest(candidate)
  if (sha256 !== training.artifact.sha256) {
    throw new UserError(
      `The model beside the training record of ${model.name} is not the one that the record names (${sha256.slice(0, 12)}, not ${training.artifact.sha256.slice(0, 12)}). Run train again.`,
    )
  }
  const predictions = training.predictions && { predictions: join(folder, predictionsFile(training.predictions.name)) }
  await ensureData(context, model)
  const inputs = await describeInputs(model)
  await refuseInvalidData(context, model, inputs.data)
  if (trainingIdentity(inputs) !== training.identity) {
    throw new UserError(
      `The candidate of ${model.name} was trained from other data, code or with another command than are here now: ${whatDiffers(training, inputs)}. Run train again.`,
    )
  }
  const alone = options.champion === 'none'
  const champion = alone ? null : await findChampion(context, model)
  const how = champion ? ` against ${champion.version}` : alone ? ' alone, as was asked' : ', the first of its name'
  const judgement = await context.log.group(`Judge ${model.name}${how}`, async () =>
    judge({
      model,
      root: model.folder,
      candidate: { path: candidate, ...predictions },
      champion: champion && { ...champion, path: await fetchChampion(context, model, champion) },
      alone,
      masked: await personalOf(model),
      ...commandsOf(model, context.log.info),
      trainingSeconds: training.training_seconds,
      log: context.log.info,
    }),
  )
  const record = await clock.finish('gate', [{ name: training.artifact.name, digest: { sha256 } }], {
    model: model.name,
    ...judgement,
    gates: withLines(judgement.gates, model),
  })
  for (const reason of judgement.approval ?? [])
    context.log.warn({ message: `A person has to approve ${model.name} before it goes live: ${reason}` })
  await publishRecord(context, 'gate', model.name, record)
  return record
}

/** So many files are named. */
const NAMED = 5

/** What of a training's inputs is another now: `the command (train.run), train.py`. */
function whatDiffers(before: TrainingInputs, now: TrainingInputs): string {
  const filesOf = ({ code, data }: TrainingInputs) =>
    new Map([...code, ...data.flatMap(({ files }) => files)].map(({ name, sha256 }) => [name, sha256]))
  const [trained, here] = [filesOf(before), filesOf(now)]
  const names = [...new Set([...trained.keys(), ...here.keys()])].filter((name) => trained.get(name) !== here.get(name))
  const files = names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names
  const said = before.command === now.command ? files : ['the command (train.run)', ...files]
  return said.join(', ') || 'which files are train, and which holdout'
}
