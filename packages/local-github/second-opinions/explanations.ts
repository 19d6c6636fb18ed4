import type { Explanation } from './explain.ts'

/** Where GitHub's recorded answers, of the year 2022, differ from ours. */
export const OF_RECORDINGS: readonly Explanation[] = [
  {
    at: /download_url$|get-archive: GET .*legacy\.tar\.gz/,
    because: 'Another host: GitHub hands files out at raw.githubusercontent.com and codeload.github.com.',
  },
  {
    at: /GET \S+\/git\/refs\/: /,
    because: 'All refs at once are no longer described; `git/matching-refs/` took their place.',
  },
  {
    at: /get-repository: .*default_branch|get-content: .*(url|self|html)$/,
    because: 'The recorded repository is older than `main`.',
  },
  { at: /get-organization: .*(billing_email|plan\.seats)$/, because: 'Nobody pays for a local organization.' },
  {
    at: /release-assets-conflict: GET \S+tags\/v1\.0\.0: assets/,
    because: 'The recorder uploaded its file after this answer, ours has it before.',
  },
]

/** Where emulate 0.12.2 differs from ours. */
export const OF_EMULATE: readonly Explanation[] = [
  { at: /(author|committer)\.email$/, because: 'emulate leaves the id out of an account’s address.' },
  { at: /git_refs_url/, because: 'emulate drops the s of `git/refs{/sha}`; GitHub’s examples have it.' },
  {
    at: /(main|branch|ref|refs): (\d\.)?url$/,
    because: 'emulate gives the address of `git/ref`; GitHub’s recorded answers that of `git/refs`.',
  },
  { at: /: message$/, because: 'emulate’s own words; ours are those that GitHub’s recordings and threads show.' },
  { at: /tagger\./, because: 'emulate names nobody in particular; GitHub the one who asks.' },
  { at: /a blob: body/, because: 'emulate says more than GitHub’s description allows for.' },
  {
    at: /content$/,
    because: 'emulate’s base64 has no end of line; GitHub’s lines end after 60 characters, the last one too.',
  },
  { at: /patch$/, because: 'emulate writes `+1,1`; git leaves out a count of one.' },
  { at: /permalink_url$/, because: 'GitHub names the owner beside each commit.' },
  {
    at: /(commits|additions|changed_files)$|its (files|commits): body/,
    because: 'emulate does not compare the branches: no files, and the commits of the base as well.',
  },
  { at: /(mergeable|rebaseable|merge_commit_sha)$/, because: 'emulate does not try the merge.' },
  { at: /maintainer_can_modify/, because: 'GitHub says so of forks alone.' },
  { at: /repo\.permissions$|closed_by$/, because: 'Optional in GitHub’s description, and not in its lists.' },
  {
    at: /open_issues(_count)?$/,
    because: 'emulate counts a merged pull request, and the one that GitHub would have refused.',
  },
  {
    at: /the pull request again|one of no branch|a review of one’s own|a state there is not/,
    because: 'GitHub refuses; emulate does it.',
  },
  { at: /a remark: status/, because: 'GitHub’s description knows 200 alone.' },
  { at: /a status|the combined status/, because: 'emulate has no commit statuses.' },
  { at: /a check run|check runs/, because: 'GitHub lets apps alone write checks; emulate everybody.' },
  { at: /the merge again/, because: 'GitHub answers 405.' },
  {
    at: /a draft: (html|tarball|zipball)_url|the draft by its tag|tags: body/,
    because: 'On GitHub a draft has no tag, no archive, and an address of its own.',
  },
  { at: /the branch gone again/, because: 'GitHub answers 422 «Reference does not exist».' },
]
