import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { datasetDigest, digestFiles } from '@modelyard/data'
import { inspectModel } from '@modelyard/inference'
import {
  type DatasetDigest,
  type FileDigest,
  type Model,
  metricFacts,
  type Signature,
  type Statement,
} from '@modelyard/spec'
import { runTraining, type TrainingInputs, takeUpTraining, trainingIdentity } from '@modelyard/training'
import { refuseForeignCode, type StepContext } from './context.ts'
import { ensureData } from './prepare.ts'
import { beginRecord, modelFile, openRecords, predictionsFile, publishRecord } from './records.ts'
import { findTrained } from './reuse.ts'

/**
 * Trains the candidate, or takes the bytes that the merged pull request trained from the very same command, code
 * and data: so what was judged there is what is registered here. The record is made anew either way.
 */
export async function train(
  context: StepContext,
  model: Model,
  options: { reuse: boolean },
): Promise<Statement<'training'>> {
  refuseForeignCode(context)
  const clock = beginRecord(context)
  await ensureData(context, model)
  const inputs = await describeInputs(model)
  const identity = trainingIdentity(inputs)
  const reused = options.reuse ? await findTrained(context, model, identity) : undefined
  const seconds = reused ? reused.seconds : await trainNow(context, model)
  const { artifact, predictions } = await takeUpTraining(model)
  const signature = await signatureOf(model, artifact)
  await keep(context, model, { artifact, predictions })
  const record = await clock.finish('training', [subject(artifact)], {
    model: model.name,
    verdict: 'pass',
    reasons: [
      `The command ${JSON.stringify(inputs.command)} made ${artifact.name} from ${inputs.code.length} files of code and the data.`,
    ],
    identity,
    ...inputs,
    artifact,
    predictions,
    signature,
  })
  if (reused) record.predicate.run.reused = reused.url
  // What decides belongs under the record's digest; what does not would only make it another one on each machine.
  if (seconds !== undefined) (asksForTime(model) ? record.predicate : record.predicate.run).training_seconds = seconds
  await publishRecord(context, 'training', model.name, record)
  return record
}

/** Whether a gate of the model file, or a metric, is of what the training took. */
function asksForTime({ evaluate: { metrics, gates } }: Model): boolean {
  return [...metrics, ...gates.map(({ metric }) => metric)].some((name) => metricFacts(name).of === 'training')
}

/** Runs the training command, and answers with the seconds that it took. */
async function trainNow({ log }: StepContext, model: Model): Promise<number> {
  const started = performance.now()
  await log.group(`Train ${model.name}: ${model.train.run}`, () => runTraining(model, log.info))
  return (performance.now() - started) / 1000
}

/** Command, code and data of a training, by digest: its identity. */
export async function describeInputs({ folder, train, data }: Model): Promise<TrainingInputs> {
  const dataset = async (role: DatasetDigest['role'], patterns: string | string[]): Promise<DatasetDigest> => {
    const files = await digestFiles(folder, patterns)
    return { role, files, sha256: datasetDigest(files) }
  }
  return {
    command: train.run,
    code: await digestFiles(folder, train.inputs),
    data: [await dataset('train', data.train), await dataset('holdout', data.holdout)],
  }
}

/** What the model takes and gives: nothing is known of one that the repository's own command runs. */
async function signatureOf({ folder, evaluate }: Model, { name }: FileDigest): Promise<Signature> {
  if (evaluate.predict) return { inputs: [], outputs: [] }
  return (await inspectModel(join(folder, name))).signature
}

/** Copies what was trained to where later steps and jobs find it. */
async function keep(
  context: StepContext,
  model: Model,
  trained: { artifact: FileDigest; predictions: FileDigest | null },
): Promise<void> {
  const folder = await openRecords(context, model.name)
  await cp(join(model.folder, trained.artifact.name), join(folder, modelFile(trained.artifact.name)))
  if (trained.predictions)
    await cp(join(model.folder, trained.predictions.name), join(folder, predictionsFile(trained.predictions.name)))
}

function subject({ name, sha256 }: FileDigest) {
  return { name, digest: { sha256 } }
}
