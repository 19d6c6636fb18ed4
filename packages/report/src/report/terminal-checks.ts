import type { Predicate } from '@modelyard/spec'
import { type Block, code } from '../document/document.ts'
import { oneLine } from '../document/escape.ts'
import { formatCount } from '../document/numbers.ts'
import { sayData } from '../gate/findings.ts'
import { ICONS } from '../gate/headline.ts'
import { brokenChecks } from './details.ts'
import { sayFirstRows } from './first-rows.ts'

type Check = Predicate<'validation'>['checks'][number]

/** Columns that a sentence takes at most, and how far it is indented. */
const WIDTH = 100
const INDENT = 2

/** Nobody reads more sentences. */
const MOST = 100

/**
 * The checks of the data that did not simply pass, as a terminal has room for them: a narrow table of which they are, and
 * below it once what each asked and found.
 */
export function terminalChecks(checks: readonly Check[]): Block[] {
  const broken = brokenChecks(checks)
  if (broken.length === 0) return []
  return [
    {
      table: {
        head: ['', 'data', 'column', 'rule', 'failing rows', 'line'],
        align: ['l', 'l', 'l', 'l', 'r', 'r'],
        rows: broken.map(({ verdict, dataset, column, rule, failing, line }) => [
          ICONS[verdict],
          dataset,
          code(oneLine(column ?? '', 40)),
          rule,
          formatCount(failing),
          String(line ?? ''),
        ]),
      },
    },
    ...broken.slice(0, MOST).map((check): Block => ({ listing: wrapped(say(check)).join('\n'), language: 'text' })),
    ...(broken.length > MOST
      ? [{ paragraph: `… and ${formatCount(broken.length - MOST)} more: --json lists all.` }]
      : []),
  ]
}

/** What a record gives as reasons beyond those of its checks. */
export function otherReasons({ reasons, checks }: Pick<Predicate<'validation'>, 'reasons' | 'checks'>): string[] {
  const said = new Set(checks.map(sayData))
  return reasons.filter((reason) => !said.has(reason))
}

function say(check: Check): string {
  return oneLine(`${ICONS[check.verdict]} ${sayData(check)}${sayFirstRows(check)}`, 2000)
}

/** A sentence in lines of words; a word that is longer than a line stays whole. */
function wrapped(sentence: string): string[] {
  const lines = ['']
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length >= WIDTH - INDENT) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
