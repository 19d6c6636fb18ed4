import type { Rule } from './rule.ts'

const REFS = 'https://docs.github.com/en/rest/git/refs'
const SIGNED =
  'https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification'
const COMPARE = 'https://docs.github.com/en/rest/commits/commits#compare-two-commits'

const rule = (id: string, text: string, source: string, file: string, from: string, to: string): Rule => ({
  id,
  rule: text,
  source,
  test: 'git.test.ts',
  takeOut: { file, from, to },
})

export const GIT: readonly Rule[] = [
  rule(
    'git/no-old-workflows-for-a-job',
    'GITHUB_TOKEN makes no ref to a commit whose workflow files are not those of a branch: 403.',
    'https://github.com/softprops/action-gh-release/issues/411',
    'rules/workflow-files.ts',
    "  if (by.kind !== 'job') return undefined",
    '  if (by) return undefined',
  ),
  rule(
    'git/no-workflows-pushed-by-a-job',
    'GITHUB_TOKEN pushes no such commit either: git names the file.',
    'https://github.com/AndreasAugustin/actions-template-sync/issues/176',
    'git/pushes.ts',
    "    by.kind === 'job' ||\n",
    '',
  ),
  rule(
    'git/app-commits-are-signed',
    'A commit that an app makes over the API without author, committer and signature is signed by GitHub.',
    `${SIGNED}#signature-verification-for-bots`,
    'routes/git/commits.ts',
    "by.kind === 'job' && !given.author",
    "by.kind === 'anonymous' && !given.author",
  ),
  rule(
    'git/tags-are-kept-as-given',
    'The object of an annotated tag has its message as it was given, with no line end added, and the zone of its time.',
    'https://github.com/PyGithub/PyGithub/blob/main/tests/ReplayData/Repository.testCreateGitTagWithAllArguments.txt',
    'routes/git/commits.ts',
    '\\n\\n${message}`',
    '\\n\\n${message}\\n`',
  ),
  rule(
    'git/merges-are-signed',
    'Merges that GitHub makes are signed by GitHub.',
    SIGNED,
    'routes/branches/branches.ts',
    ', (payload) => signPayload(hub.store, payload))',
    ')',
  ),
  rule(
    'git/only-forward-without-force',
    'Without `force` a ref is moved forward only: 422 «Update is not a fast forward».',
    `${REFS}#update-a-reference`,
    'routes/git/refs.ts',
    'if (!force && !(await',
    'if (false && !(await',
  ),
  rule(
    'git/ref-made-once',
    'A ref that exists is not made again: 422 «Reference already exists».',
    'https://github.com/renovatebot/renovate/issues/20281',
    'routes/git/refs.ts',
    "throw unprocessable('Reference already exists')",
    "throw unprocessable('Reference update failed')",
  ),
  rule(
    'git/matching-refs-unpaged',
    'Refs by their beginning come all at once, whatever `per_page` says.',
    'https://docs.github.com/en/rest/git/refs#list-matching-references',
    'routes/git/refs.ts',
    'c.json(refs.map(',
    'c.json(refs.slice(0, 5).map(',
  ),
  rule(
    'git/nothing-made-in-an-empty-repository',
    'In a repository without branches the API makes no objects and refs: 409 «Git Repository is empty.»',
    `${REFS}#create-a-reference`,
    'routes/git/objects.ts',
    "  if (any === '') throw",
    "  if (any === '-') throw",
  ),
  rule(
    'git/tree-cannot-lose-what-it-has-not',
    'A tree is not made where it is to lose a file that its base does not have.',
    'https://docs.github.com/en/rest/git/trees#create-a-tree',
    'git/trees.ts',
    "throw unprocessable('GitRPC::BadObjectState')",
    'return []',
  ),
  rule(
    'git/default-branch-stays',
    'The default branch is not deleted.',
    'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/creating-and-deleting-branches-within-your-repository#deleting-a-branch',
    'routes/git/refs.ts',
    "throw unprocessable('Cannot delete the default branch')",
    'await null',
  ),
  rule(
    'git/pull-refs-are-read-only',
    '`refs/pull/` can be read, and is written by GitHub alone.',
    'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/checking-out-pull-requests-locally',
    'routes/git/refs.ts',
    "throw unprocessable('Reference cannot be updated')",
    'await null',
  ),
  rule(
    'commits/comparison-of-250',
    'A comparison without pages shows 250 commits, the newest last.',
    COMPARE,
    'routes/commits/compare.ts',
    'ahead.slice(-MAX_COMMITS)',
    'ahead',
  ),
  rule(
    'commits/files-on-the-first-page',
    'The files of a comparison are on its first page alone.',
    COMPARE,
    'routes/commits/compare.ts',
    'files: isFirst ?',
    'files: isFirst || head ?',
  ),
]
