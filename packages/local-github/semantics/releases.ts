import type { Rule } from './rule.ts'

const ASSETS = 'https://docs.github.com/en/rest/releases/assets#upload-a-release-asset'
const RELEASES_API = 'https://docs.github.com/en/rest/releases/releases'
const LIMITS =
  'https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases#storage-and-bandwidth-quotas'
const IMMUTABLE =
  'https://docs.github.com/en/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases'
const SPENT = 'https://github.com/github-community-projects/ospo-reusable-workflows/issues/83'
const EVENTS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows'

const rule = (id: string, text: string, source: string, takeOut: Rule['takeOut']): Rule => ({
  ...{ id: `releases/${id}`, rule: text, source, takeOut },
  test: 'releases.test.ts',
})
const inAssets = (from: string, to: string) => ({ file: 'routes/releases/assets.ts', from, to })
const inReleases = (from: string, to: string) => ({ file: 'routes/releases/releases.ts', from, to })
const inPublish = (from: string, to: string) => ({ file: 'routes/releases/publish.ts', from, to })
const inLatest = (from: string, to: string) => ({ file: 'routes/releases/latest.ts', from, to })

export const RELEASES: readonly Rule[] = [
  rule(
    'asset-name-once',
    'A second asset of the same name in one release is refused with 422 «already_exists».',
    ASSETS,
    inAssets('own.some((row) => row.name === name)', 'false'),
  ),
  rule(
    'asset-renamed',
    'Special characters in an asset’s name become dots, and a dot at its beginning «default.».',
    ASSETS,
    inAssets("const name = assetName(c.req.query('name') ?? '')", "const name = c.req.query('name') ?? ''"),
  ),
  rule(
    'asset-not-empty',
    'An empty asset is refused with 422: «size must be greater than or equal to 1».',
    'https://github.com/softprops/action-gh-release/issues/321',
    inAssets('if (size < 1) throw', 'if (false) throw'),
  ),
  rule(
    'asset-under-2-gib',
    'An asset is smaller than 2 GiB; a larger one is refused by its Content-Length.',
    LIMITS,
    inAssets('if (size >= MAX_BYTES) throw', 'if (false) throw'),
  ),
  rule(
    'asset-starter',
    'An upload that breaks off leaves an asset in the state «starter», whose name is taken until it is deleted.',
    ASSETS,
    inAssets("if (!saved) throw new ApiError(502, 'Bad Gateway')", 'if (!saved) assets.delete(asset.id)'),
  ),
  rule(
    'starter-not-in-release',
    'An asset in the state «starter» is in the list of a release’s assets, but not among the assets of the release itself.',
    'https://github.com/itchio/gothub/issues/1',
    { file: 'shapes/releases.ts', from: " && row.state === 'uploaded'", to: '' },
  ),
  rule('thousand-assets', 'A release has at most 1,000 assets.', LIMITS, inAssets('own.length >= MAX_ASSETS', 'false')),
  rule(
    'draft-for-writers',
    'A draft is there for those who may push, and 404 for everybody else.',
    `${RELEASES_API}#list-releases`,
    inReleases('(release.draft && !seesDrafts(hub, by, repo))', 'false'),
  ),
  rule(
    'draft-not-by-tag',
    'A draft is not found by the tag that it is going to have, by nobody; the tag is made when it is published.',
    `${RELEASES_API}#get-a-release-by-tag-name`,
    inReleases(
      "row.repo === repo.id && !row.draft && row.tag === c.req.param('tag')",
      "row.tag === c.req.param('tag')",
    ),
  ),
  rule(
    'tag-at-target',
    'A tag that is there stays where it is, and `target_commitish` is of no use then.',
    `${RELEASES_API}#create-a-release`,
    inPublish(
      '  if (isThere) return\n  await changeRef(hub, repo, by, update)',
      "  await changeRef(hub, repo, by, { ...update, before: '' })",
    ),
  ),
  rule(
    'one-per-tag',
    'A tag has one published release; drafts may be as many as one likes until they are published.',
    'https://github.com/conventional-changelog/releaser-tools/issues/50',
    inPublish("    throw invalid('Release', 'already_exists', 'tag_name')", '    void 0'),
  ),
  rule(
    'body-125000',
    'The text of a release has at most 125,000 characters: «body is too long (maximum is 125000 characters)».',
    'release-drafter in cloudposse/atmos: «{"resource":"Release","code":"custom","field":"body","message":"body is too long (maximum is 125000 characters)"}»',
    inReleases("if ([...(body ?? '')].length > MAX_BODY)", 'if (body === MAX_BODY as never)'),
  ),
  rule(
    'date-of-commit',
    '`created_at` of a release is the date of its commit, not of its making.',
    `${RELEASES_API}#get-the-latest-release`,
    inPublish('return (await readCommit(repo.gitDir, sha)).committer.date', "return '2020-01-01T00:00:00Z'"),
  ),
  rule(
    'newly-published-is-latest',
    'A release that is published becomes the latest, whatever its commit, unless `make_latest` says otherwise.',
    `${RELEASES_API}#create-a-release`,
    inLatest('rows.find((row) => row.latest) ?? ', ''),
  ),
  rule(
    'legacy-latest',
    'With `make_latest: legacy` the latest release is the one of the newest commit, and of these the one of the highest version.',
    `${RELEASES_API}#create-a-release`,
    inLatest("makeLatest === 'legacy' || ", ''),
  ),
  rule(
    'prerelease-not-latest',
    'A draft or prerelease cannot be made the latest: 422 «Latest release cannot be draft or prerelease.»',
    'https://github.com/kaito-project/kaito/pull/1680',
    inReleases("if (make_latest === 'true' && (draft || prerelease)) throw cannotBeLatest()", ''),
  ),
  rule(
    'no-discussions',
    'A category of discussions that is not there is answered with 404.',
    `${RELEASES_API}#create-a-release`,
    inReleases('if (discussion_category_name) throw notFound()', ''),
  ),
  rule(
    'fixed-once-immutable',
    'Files, tag and state of an immutable release never change; its name and text may.',
    IMMUTABLE,
    inReleases('if (release.immutable && (tag !== release.tag || draft))', 'if (false)'),
  ),
  rule(
    'no-asset-after-publishing',
    'Nor does an upload add a file that began before the release was published, and ends when it is immutable.',
    IMMUTABLE,
    inAssets('|| release.immutable) {', ') {'),
  ),
  rule(
    'immutable-from-then-on',
    'Only releases that are published after immutability was switched on are immutable.',
    IMMUTABLE,
    inReleases('...(goesLive ? published(hub, repo, tag) : {}),', '...published(hub, repo, tag),'),
  ),
  rule(
    'immutable-tag-spent',
    'The tag of an immutable release is never again a release’s: «tag_name was used by an immutable release».',
    SPENT,
    inPublish('const refused = isSpent && ', 'const refused = false && '),
  ),
  rule(
    'immutable-tag-not-made-again',
    'Nor is such a tag made again once it is deleted, over REST or by a push: «creations being restricted».',
    SPENT,
    { file: 'rules/refs.ts', from: 'return isSpent && before === ZERO_SHA ?', to: 'return (false as boolean) ?' },
  ),
  rule(
    'rules-in-release',
    'A ruleset that keeps a release from making its tag is told as an error of the field `pre_receive`.',
    SPENT,
    inPublish("...(refusal ? [custom('pre_receive', inAnswer(refusal))] : []),", ''),
  ),
  rule(
    'notes-previous-tag',
    'Notes since a tag that is not there are refused with 400 «Invalid previous_tag parameter».',
    'woocommerce/release-toolkit, spec of its GitHub helper: «400 - Invalid previous_tag parameter»',
    {
      file: 'routes/releases/notes.ts',
      from: "if (previous !== undefined && !base) throw new ApiError(400, 'Invalid previous_tag parameter')",
      to: '',
    },
  ),
  rule(
    'events',
    'A release that is published at once is told as «created», «published» and «released», a draft again as «unpublished».',
    'https://docs.github.com/en/webhooks/webhook-events-and-payloads#release',
    inReleases("if (after.draft) return ['unpublished']", 'if (after.draft) return []'),
  ),
  rule(
    'draft-events',
    'No workflow hears of a draft that is created, edited or deleted.',
    `${EVENTS}#release`,
    inReleases('if (before.draft && after.draft) return []', "if (before.draft && after.draft) return ['edited']"),
  ),
  rule(
    'prerelease-of-draft',
    'A prerelease that was a draft is told as «published» and not as «prereleased».',
    `${EVENTS}#release`,
    inReleases(
      "after.prerelease ? ['published'] : ['published', 'released']",
      "['published', after.prerelease ? 'prereleased' : 'released']",
    ),
  ),
  rule(
    'delete-at-default-branch',
    'A workflow on `delete` runs on the default branch, as the ref is gone.',
    `${EVENTS}#delete`,
    {
      file: 'scheduler/publish-events.ts',
      from: 'const at = created ? ref : `refs/heads/${repo.defaultBranch}`',
      to: 'const at = ref',
    },
  ),
  rule('three-tags', 'A push of more than three tags makes no events for them.', `${EVENTS}#create`, {
    file: 'git/refs.ts',
    from: 'const MAX_TAG_EVENTS = 3',
    to: 'const MAX_TAG_EVENTS = 300',
  }),
]
