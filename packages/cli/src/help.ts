import type { Verb } from './verb.ts'
import { VERBS } from './verbs.ts'

/** What `modelyard help` prints: every verb in a line; or those of a group, like `registry`. */
export function overview(group = ''): string {
  const shown = Object.entries(VERBS).filter(([name]) => group === '' || name.startsWith(`${group} `))
  const width = Math.max(...shown.map(([name]) => name.length))
  const verbs = shown.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'modelyard: a GitHub repository is all the MLOps platform that a team needs.',
    '',
    ...verbs,
    '',
    'A verb that has an action of its name does the same, and takes --json (the record on standard output, nothing else);',
    'so do those that read or write the registry.',
    'All take --help. Exit codes: 0 pass or warn · 1 fail · 2 wrong or missing input · 3 inconclusive · 4 refused or unreachable.',
    '',
  ].join('\n')
}

/** What `modelyard <verb> --help` prints. */
export function help(name: string, verb: Verb): string {
  const { summary, argument, options, example } = verb
  const width = Math.max(...Object.keys(options).map((option) => option.length), 4)
  const lines = Object.entries(options).map(
    ([option, { description, fallback, flag }]) =>
      `  --${option.padEnd(width)}  ${description}${flag || fallback === '' ? '' : fallback === undefined ? ' (required)' : ` (default: ${fallback})`}`,
  )
  return [
    `modelyard ${name}: ${summary}`,
    '',
    ...(argument ? [`  <${argument.name}>`.padEnd(width + 6) + argument.description] : []),
    ...lines,
    ...('talk' in verb
      ? []
      : [`  --${'json'.padEnd(width)}  Print ${'run' in verb ? 'the record' : 'JSON'} and nothing else.`]),
    '',
    `Example: ${example}`,
    '',
  ].join('\n')
}
