import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isMeasured, judge } from '@modelyard/evaluation'
import { isVersion } from '@modelyard/registry'
import { PROVIDERS, readRecord, UserError } from '@modelyard/spec'
import { withLines } from '../gate-lines.ts'
import { personalOf } from '../personal.ts'
import { commandsOf } from '../predict.ts'
import { modelFile, predictionsFile } from '../records.ts'
import { compareDataAgain } from './data-changes.ts'
import { downloadMend, findDigest, findFile, foldersOf, needData, type Place } from './files.ts'
import type { Again, Asked } from './replayer.ts'

/** Judges the candidate of a gate record again: the same bytes on the same rows, with the same seed. */
export const judgeAgain: Again<'gate'> = async (asked) => {
  const { record, model } = asked
  const { confidence, engine, metrics, alone = false } = record.predicate
  if (!(confidence > 0 && confidence < 1))
    throw new UserError(`The record gives its intervals a confidence of ${confidence}; it must be between 0 and 1.`)
  const contest = await findContest(asked)
  const predictions = await findPredictions(asked)
  if (record.predicate.train) await needData(model, record.predicate.train)
  const measured = metrics.filter(({ name }) => isMeasured(name))
  const judgement = await judge({
    ...contest,
    candidate: { ...contest.candidate, ...(predictions === undefined ? {} : { predictions }) },
    alone,
    confidence,
    measured,
    ...(engine.seed === undefined ? {} : { seed: engine.seed }),
    log: asked.log,
  })
  const changes = await compareDataAgain(asked, contest.champion)
  return {
    subject: record.subject.map(({ name }) => ({ name, digest: { sha256: judgement.candidate.sha256 } })),
    said: { ...judgement, ...changes.said, gates: withLines(judgement.gates, model) },
    notes: [
      ...(measured.length === 0
        ? []
        : [
            'Times and loads were not measured again, for no two measurements are alike: the gates decided on those in the record.',
          ]),
      ...changes.notes,
    ],
  }
}

/** The hold-out, the models of a gate record, each under its digest, and what ran them. */
export async function findContest(asked: Asked<'gate'>) {
  const { record, model } = asked
  const { engine, holdout } = record.predicate
  const path = await findDigest(beside(asked, modelName(asked)), {
    sha256: record.predicate.candidate.sha256,
    what: 'The candidate',
    mend: downloadMend(asked),
  })
  const champion = await findChampionFile(asked)
  await needData(model, holdout)
  const provider = PROVIDERS.find((each) => each === engine.provider)
  return {
    model,
    root: model.folder,
    candidate: { path },
    champion,
    masked: await personalOf(model),
    ...(provider === undefined ? {} : { provider }),
    ...commandsOf(model, asked.log),
  }
}

function beside(asked: Asked<'gate'>, name: string): Place[] {
  return foldersOf(asked).map((folder) => ({ folder, name }))
}

/** The framework's own predictions, where the record was made with them; the training record beside them has their digest. */
async function findPredictions(asked: Asked<'gate'>): Promise<string | undefined> {
  const { record, model } = asked
  if (record.predicate.parity === null || model.train.predictions === undefined) return undefined
  const places = beside(asked, predictionsFile(model.train.predictions))
  const training = await findFile(beside(asked, 'training.json'))
  const known =
    training === undefined ? undefined : readRecord(await readFile(training, 'utf8'), 'training', training).predicate
  if (known?.predictions && known.artifact.sha256 === record.predicate.candidate.sha256) {
    const { sha256 } = known.predictions
    return findDigest(places, { sha256, what: "The framework's own predictions", mend: downloadMend(asked) })
  }
  const found = await findFile(places)
  if (found) return found
  throw new UserError(
    `The record compares the candidate with the framework's own predictions, but there is no file ${places.map(({ folder, name }) => join(folder, name)).join(' or ')}. ${downloadMend(asked)}`,
  )
}

async function findChampionFile(asked: Asked<'gate'>) {
  const { champion } = asked.record.predicate
  if (!champion) return null
  const { version, stage, sha256 } = champion
  if (!isVersion(version))
    throw new UserError(`The record names the champion ${JSON.stringify(version)}, which is no version.`)
  const folder = join(asked.folder, 'champion')
  const places =
    asked.champion === undefined
      ? [{ folder, name: join(version, modelName(asked)) }]
      : await given(asked.champion, [modelName(asked), join(version, modelName(asked))])
  const mend = `Fetch it: npx modelyard fetch --name ${asked.model.name} --version ${version} --path champion, then add --champion champion.`
  return { version, stage, path: await findDigest(places, { sha256, what: `The champion ${version}`, mend }) }
}

/** What the candidate is called beside its records, and the champion, unless the format changed between the two. */
function modelName({ record }: Asked<'gate'>): string {
  return modelFile(record.subject[0]?.name ?? '')
}

/** Where the champion may lie by what the option says: a file, a folder, or a folder of versions. */
async function given(path: string, names: readonly string[]): Promise<Place[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found)
    throw new UserError(
      `The option --champion is ${JSON.stringify(path)}, and nothing is there. Name the champion's model, or its folder.`,
    )
  if (found.isFile()) return [{ folder: dirname(resolve(path)), name: basename(path) }]
  return names.map((name) => ({ folder: path, name }))
}
