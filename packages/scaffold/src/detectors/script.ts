import { posix } from 'node:path'
import { readPython } from '../python/facts.ts'
import { shellWord } from '../shell.ts'
import type { Survey } from '../survey.ts'
import { trains } from './commands.ts'
import type { Detector } from './finding.ts'

/** A script that fits a model and saves it; of several, one that is called train, then the one that lies highest. */
export const detectScript: Detector = (survey) => {
  const [first, ...others] = [...survey.texts]
    .filter(([file, text]) => isScript(file) && trains(text))
    .map(([file]) => file)
    .sort((a, b) => rank(a) - rank(b) || a.split('/').length - b.split('/').length)
  if (first === undefined) return undefined
  const text = survey.texts.get(first)!
  const runsIn = placeOf(first, text, survey)
  return {
    habit: 'scikit-learn script',
    file: first,
    commands: [
      runsIn === ''
        ? `python ${shellWord(first)}`
        : `cd ${shellWord(runsIn)} && python ${shellWord(posix.basename(first))}`,
    ],
    code: [{ file: first, text, runsIn }],
    data: [],
    others,
  }
}

export function isScript(file: string): boolean {
  return file.endsWith('.py') && !/(?:^|\/)(?:tests?|modelyard)\/|(?:^|\/)(?:test_|conftest)|_test\.py$/.test(file)
}

function rank(file: string): number {
  return /train/i.test(posix.basename(file)) ? 0 : 1
}

/** Scripts run in the model's folder, unless what they read is found from their own alone. */
function placeOf(file: string, text: string, { data }: Survey): string {
  const own = posix.dirname(file)
  const { paths } = readPython(text)
  const found = (folder: string) => paths.some((path) => data.includes(posix.join(folder, path)))
  return own !== '.' && found(own) && !found('.') ? own : ''
}
