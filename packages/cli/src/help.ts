import { VERBS, type Verb } from './verbs.ts'

/** What `modelyard help` prints: every verb in a line. */
export function overview(): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length))
  const verbs = Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'modelyard: a GitHub repository is all the MLOps platform that a team needs.',
    '',
    ...verbs,
    '',
    'A verb that has an action of its name does the same, and takes --json (the record on standard output, nothing else).',
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
    ...('run' in verb ? [`  --${'json'.padEnd(width)}  Print the record and nothing else.`] : []),
    '',
    `Example: ${example}`,
    '',
  ].join('\n')
}
