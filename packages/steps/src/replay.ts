import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Replay } from '@modelyard/report'
import {
  type Engine,
  type Kind,
  type Model,
  parseJson,
  parsePredicateType,
  RELEASE,
  readRecord,
  recordDigest,
  type Statement,
  statement,
  UserError,
} from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { findModels } from './models.ts'
import { compareJson } from './replay/compare.ts'
import { compareAgain } from './replay/drift.ts'
import { judgeAgain } from './replay/gate.ts'
import type { Again, Asked } from './replay/replayer.ts'
import { validateAgain } from './replay/validation.ts'
import { readSource } from './source.ts'

/** The kinds of records that can be made again from files alone. */
const REPLAYABLE: { [K in Kind]?: Again<K> } = { gate: judgeAgain, validation: validateAgain, drift: compareAgain }

export interface ReplayOptions {
  /** The path of the record. */
  record: string
  /** A pattern of model files, one of which has the record's name. */
  model: string
  /** Where the champion's model lies, if not beside the record. */
  champion?: string
}

/**
 * Makes a record again from the files that it names by digest, with its seed, threads and options, and compares.
 * Needs no network. Throws a `UserError` for files that are not there or other ones.
 */
export async function replay(context: StepContext, options: ReplayOptions): Promise<Replay> {
  const { kind, asked } = await readAsked(context, options)
  const { model } = asked
  const record: Statement = asked.record
  const { subject, said, notes } = await REPLAYABLE[kind]!(asked as never)
  // Where and when it was made are facts about the run, which no file tells.
  const { source, run, engine: engineThen } = record.predicate
  const made = (engine: Engine): Statement =>
    statement(kind, subject, { ...said, model: model.name, source, engine, run } as never)
  const engine: Engine = { ...said.engine, modelyard: RELEASE }
  const differences = compareJson(withoutEngine(record), withoutEngine(made(engine)))
  return {
    kind,
    model: model.name,
    same: recordDigest(made(engineThen)) === recordDigest(record),
    digest: { recorded: recordDigest(record), replayed: recordDigest(made(engine)) },
    verdict: { recorded: record.predicate.verdict, replayed: said.verdict },
    differences,
    notes: [...notes, ...engineNote(engineThen, engine), ...(await sourceNote(context, record))],
  }
}

/** Reads a record and the model file of its name. Throws a `UserError` for one that no files make. */
export async function readAsked(
  context: StepContext,
  options: ReplayOptions,
): Promise<{ kind: Kind; asked: Asked<Kind> }> {
  const text = await readFile(options.record, 'utf8').catch((cause) => {
    throw new UserError(`There is no record ${options.record}. Name the gate.json of a run or a release.`, { cause })
  })
  const kind = needReplayable(text, options.record)
  const record: Statement = readRecord(text, kind, options.record)
  const asked = {
    record,
    folder: dirname(options.record),
    model: await modelOf(context, record, options),
    ...(options.champion === undefined ? {} : { champion: options.champion }),
    log: context.log.info,
  }
  return { kind, asked }
}

/** The model file of the record's name. */
async function modelOf(
  context: StepContext,
  { predicate }: Statement,
  { record, model }: ReplayOptions,
): Promise<Model> {
  const name = 'model' in predicate ? predicate.model : ''
  const models = await findModels(context.root, model)
  const found = models.find((each) => each.name === name)
  if (found) return found
  throw new UserError(
    `${record} speaks of the model ${name}, and ${models.map((each) => each.file).join(', ')} of ${models.map((each) => each.name).join(', ')}. Name its model file with --model.`,
  )
}

function withoutEngine({ subject, predicate }: Statement): unknown {
  const { engine: _, run: __, ...said } = predicate
  return { subject, ...said }
}

/** Other engines may round otherwise, and are part of the record: then the digest cannot be the same. */
function engineNote(then: Engine, now: Engine): string[] {
  const others = compareJson(then, now).map(
    ({ what, recorded, replayed }) => `${what} ${recorded} then, ${replayed} now`,
  )
  if (others.length === 0) return []
  return [
    `The engine is not the record's (${others.join('; ')}): verdict and numbers are compared all the same, but the digests cannot be equal.`,
  ]
}

/** The gates are those of the model file that lies here, so a reader must know whether it is of another source. */
async function sourceNote({ root }: StepContext, { predicate: { source } }: Statement): Promise<string[]> {
  const here = await readSource(root)
  if (here.tree === source.tree && !here.dirty && !source.dirty) return []
  const name = ({ tree, dirty }: typeof source) =>
    tree === null ? 'no git tree' : `tree ${tree.slice(0, 12)}${dirty ? ' with changed files' : ''}`
  return [
    `The record was made from ${name(source)}; what lies here is ${name(here)}: its model file may ask for other things.`,
  ]
}

/** The kind that a record says it is of. What is no record at all passes for a gate's: `readRecord` says what is wrong. */
function needReplayable(text: string, path: string): Kind {
  const { predicateType } = Object(parseJson(text)) as { predicateType?: unknown }
  const kind = parsePredicateType(String(predicateType))?.kind ?? 'gate'
  if (Object.hasOwn(REPLAYABLE, kind)) return kind
  throw new UserError(
    `${path} is a ${kind} record; what can be replayed are records of these kinds: ${Object.keys(REPLAYABLE).join(', ')}.`,
  )
}
