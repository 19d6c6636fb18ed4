import { styleText } from 'node:util'
import { clean, disarm } from '@modelyard/spec'
import type { Finding } from './finding.ts'

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const
const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const

/** The findings for a terminal: thing by thing, each with its mend under it (once for several in a row), and at
 * last how many. */
export function renderFindings(findings: readonly Finding[], { color }: { color: boolean }): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  const groups = Map.groupBy(findings, ({ about }) => about)
  const blocks = [...groups].map(([about, found]) =>
    [
      style('bold', about),
      ...found.flatMap(({ level, finding, mend }, index) => [
        `  ${style(COLORS[level], MARKS[level])} ${oneLine(finding)}`,
        ...(mend === '' || mend === found[index + 1]?.mend ? [] : [style('dim', `    ${oneLine(mend)}`)]),
      ]),
    ].join('\n'),
  )
  const count = (level: Finding['level']) => findings.filter((each) => each.level === level).length
  return disarm(
    `${[...blocks, `${count('ok')} well, ${count('warn')} to look at, ${count('fail')} wrong.`].join('\n\n')}\n`,
  )
}

/** Names on GitHub are other people's text: no line ends, no terminal sequences. */
function oneLine(text: string): string {
  return clean(text.replace(/\s+/g, ' '))
}
