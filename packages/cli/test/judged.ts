import { appendFile, cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge } from '@modelyard/evaluation'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { readModelFile, readRecord, recordDigest, type Statement, statement, writeRecord } from '@modelyard/spec'
import { withLines } from '@modelyard/steps'
import { run } from './run.ts'

export const GATE = '.modelyard/toy/gate.json'

/** A repository whose candidate was validated, trained and judged on this machine. */
export async function judged(changes: Record<string, string> = {}, training = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-judged-'))
  await git(folder, 'init', '--quiet')
  await writeModel(folder, toyModel('toy', changes))
  await appendFile(join(folder, 'train.sh'), training)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Begin')
  for (const verb of ['validate', 'train']) await run(folder, verb)
  await run(folder, 'evaluate', '--champion', 'none')
  return folder
}

/**
 * Judges the candidate as `evaluate` does, with a seed of its own, against the better model as champion v1.0.0; answers
 * with the digest of the record.
 */
export async function judgedAgainst(folder: string): Promise<string> {
  const records = join(folder, '.modelyard/toy')
  const model = await readModelFile(join(folder, 'model.yaml'), 'model.yaml')
  const champion = join(records, 'champion/v1.0.0/model.onnx')
  await mkdir(join(records, 'champion/v1.0.0'), { recursive: true })
  await cp(join(folder, 'models/better.onnx'), champion)
  const alone = readRecord(await readFile(join(folder, GATE), 'utf8'), 'gate')
  const judgement = await judge({
    model,
    root: folder,
    candidate: { path: join(records, 'model.onnx') },
    champion: { path: champion, version: 'v1.0.0', stage: 'production' },
    seed: 7,
  })
  const { source, run } = alone.predicate
  const gates = withLines(judgement.gates, model)
  const record = statement('gate', alone.subject, { model: 'toy', source, run, ...judgement, gates })
  await writeFile(join(folder, GATE), writeRecord(record as Statement))
  return recordDigest(record as Statement)
}
