import type { Rule } from './rule.ts'

const RUNS = 'https://docs.github.com/en/rest/checks/runs'
const SUITES = 'https://docs.github.com/en/rest/checks/suites'
const STATUSES = 'https://docs.github.com/en/rest/commits/statuses'

const rule = (id: string, text: string, source: string, file: string, from: string, to: string): Rule => ({
  id: `checks/${id}`,
  rule: text,
  source,
  test: 'checks.test.ts',
  takeOut: { file: `routes/checks/${file}`, from, to },
})

export const CHECKS: readonly Rule[] = [
  rule(
    'written-by-apps',
    'Checks are written by GitHub Apps alone, of which GITHUB_TOKEN is one: 403 «You must authenticate via a GitHub App.»',
    'https://github.com/actions/github-script/issues/118',
    'checks.ts',
    "c.get('by').kind === 'user'",
    'false',
  ),
  rule(
    'annotations-add-up',
    'A request brings at most 50 annotations; those of further requests are added.',
    `${RUNS}#update-a-check-run`,
    'checks.ts',
    '[...check.annotations, ...given.map(toAnnotation)]',
    'given.map(toAnnotation)',
  ),
  rule(
    'text-counted-in-bytes',
    'Summary and text of a check run take 65,535 bytes, not characters: «exceeds a maximum bytesize of 65535».',
    'https://github.com/github/docs/issues/35252',
    'checks.ts',
    'const MAX_BYTES = 65_535',
    'const MAX_BYTES = 650_000',
  ),
  rule(
    'rerequest-resets-the-suite',
    'A check run that is asked for again stays as it is; its suite is queued and without a conclusion.',
    `${RUNS}#rerequest-a-check-run`,
    'suites.ts',
    '  if (row.rerequested || latest',
    '  if (latest',
  ),
  rule(
    'latest-of-each-name',
    'Of several check runs of one name the newest is listed, unless all are asked for.',
    `${RUNS}#list-check-runs-for-a-git-reference`,
    'checks.ts',
    "filter === 'all' ? [...rows] : latestOf(rows)",
    '[...rows, filter].length ? [...rows] : []',
  ),
  rule(
    'one-suite-per-commit',
    'An app has one check suite for a commit: to make it again answers 200 with the one that is there.',
    `${SUITES}#create-a-check-suite`,
    'suites.ts',
    '    const known = checkSuites.find((row) => row.repo === repo.id && row.headSha === headSha)\n    const row',
    '    const known = undefined\n    const row',
  ),
  rule(
    'thousand-statuses',
    'A commit takes at most 1,000 statuses of one context.',
    `${STATUSES}#create-a-commit-status`,
    'statuses.ts',
    'const MAX_STATUSES = 1000',
    'const MAX_STATUSES = 10_000',
  ),
  rule(
    'no-status-is-pending',
    'The combined status of a commit without statuses is «pending».',
    `${STATUSES}#get-the-combined-status-for-a-specific-reference`,
    'statuses.ts',
    "states.length === 0 || states.includes('pending')",
    "states.includes('pending')",
  ),
]
