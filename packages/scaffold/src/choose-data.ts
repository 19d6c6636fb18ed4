import { posix } from 'node:path'
import { UserError } from '@modelyard/spec'
import type { Finding } from './detectors/finding.ts'
import { mentioned, mentionedSettings, scalarsOf } from './mentions.ts'
import type { Plan, Said } from './plan.ts'
import type { PythonFacts } from './python/facts.ts'
import type { Survey } from './survey.ts'

const TRAIN = /(?:^|[^a-z])train(?:ing)?(?![a-z])/i
/** What a hold-out is called; where some are for tuning and one for testing, that. */
const HOLDOUTS = [/(?:^|[^a-z])(?:test|hold_?-?out)(?![a-z])/i, /(?:^|[^a-z])(?:valid(?:ation)?|val|eval)(?![a-z])/i]

/** The files that hold the model's data: what the code and the pipeline name, or the only ones there are. Pure. */
export function chooseData(survey: Survey, finding: Finding, facts: PythonFacts[], said: Said): Plan['data'] {
  if (survey.data.length === 0)
    throw new UserError(
      `No data file was found in ${survey.folder || 'this repository'}: no .csv, .parquet or .jsonl that git or DVC keeps here. Add the data (or fetch them with \`dvc pull\`), and run init again.`,
    )
  if (said.data !== '') {
    const file = posix.normalize(said.data)
    if (survey.data.includes(file)) return { all: file }
    throw new UserError(
      `The option --data is ${JSON.stringify(said.data)}, which is no data file here. There are: ${some(survey.data)}.`,
    )
  }
  const read = finding.code.flatMap(({ runsIn }, index) => mentioned(survey.data, facts[index]!.paths, runsIn))
  const told = [
    ...finding.commands.flatMap((command) => mentioned(survey.data, command.split(/[\s=]+/), '')),
    ...finding.data,
  ]
  const settings = scalarsOf(survey.texts, mentionedSettings(survey, finding.code)).map(([, value]) => value)
  const files = [...new Set([...read, ...told, ...mentioned(survey.data, settings, '')])].filter((file) =>
    survey.data.includes(file),
  )
  const candidates = files.length > 0 ? files : survey.data
  const train = candidates.filter((file) => TRAIN.test(posix.basename(file)))
  const holdout = HOLDOUTS.map((name) => candidates.filter((file) => name.test(posix.basename(file)))).find(
    (files) => files.length > 0,
  )
  if (train.length === 1 && holdout?.length === 1) return { train: train[0]!, holdout: holdout[0]! }
  if (candidates.length === 1) return { all: candidates[0]! }
  throw new UserError(
    `Which file holds the data of the model cannot be told: there are ${some(candidates)}. Say it with --data.`,
  )
}

function some(names: string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
}
