import { posix } from 'node:path'
import type { Code } from '../python/code.ts'
import { readPython } from '../python/facts.ts'
import type { Survey } from '../survey.ts'

/** The script of a command such as `cd src && python train.py --fast`, if it is in the repository. */
export function codeOf(command: string, { texts }: Survey): Code | undefined {
  const within = /^cd\s+(\S+)\s*&&/.exec(command)?.[1] ?? ''
  const script = /(?:^|[\s;&])python[\d.]*\s+(?:-\w\s+)?(?:-m\s+([\w.]+)|(\S+\.py))/.exec(command)
  if (!script) return undefined
  const name = script[1] === undefined ? script[2]! : `${script[1].replaceAll('.', '/')}.py`
  const runsIn = posix.join(within).replace(/^\.$/, '')
  const file = posix.join(runsIn, name)
  const text = texts.get(file)
  return text === undefined ? undefined : { file, text, runsIn }
}

/** Commands up to the one whose script fits and saves a model, with their scripts; undefined where none does. */
export function upToTraining(commands: string[], survey: Survey): { commands: string[]; code: Code[] } | undefined {
  const code = commands.map((command) => codeOf(command, survey))
  const last = code.findLastIndex((each) => each && trains(each.text))
  if (last < 0) return undefined
  return { commands: commands.slice(0, last + 1), code: code.slice(0, last + 1).filter((each) => each !== undefined) }
}

/** Whether code fits a model and saves it. */
export function trains(text: string): boolean {
  const { fits, saves } = readPython(text)
  return fits && saves
}
