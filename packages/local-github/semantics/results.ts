import type { Rule } from './rule.ts'

const TOOLKIT = 'https://github.com/actions/toolkit/blob/main/packages/artifact/README.md'
const CACHING = 'https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching'

const rule = (id: string, text: string, source: string, takeOut: Rule['takeOut']): Rule => ({
  ...{ id: `results/${id}`, rule: text, source, takeOut },
  test: 'results.test.ts',
})
const inArtifacts = (from: string, to: string) => ({ file: 'services/artifacts.ts', from, to })
const inCaches = (from: string, to: string) => ({ file: 'services/caches.ts', from, to })

export const RESULTS: readonly Rule[] = [
  rule(
    'artifact-once',
    'The name of an artifact is used once in a run: 409 «an artifact with this name already exists on the workflow run».',
    'https://github.com/actions/upload-artifact/issues/634',
    inArtifacts('if (find(hub, run.id, name))', 'if (false)'),
  ),
  rule(
    'artifact-name',
    'The name of an artifact has none of `" : < > | * ? \\r \\n \\\\ /`.',
    'https://github.com/actions/toolkit/blob/main/packages/artifact/src/internal/upload/path-and-artifact-name-validation.ts',
    inArtifacts('if (FORBIDDEN.test(name)) throw', 'if (false) throw'),
  ),
  rule(
    'artifact-own-run',
    'The runtime token of a job opens the artifacts of its own run only.',
    TOOLKIT,
    inArtifacts("if (textOf(message, 'workflow_run_backend_id') !== String(run.id))", 'if (false)'),
  ),
  rule('artifact-stays', 'An artifact does not change once its upload has ended.', TOOLKIT, {
    file: 'services/blobs.ts',
    from: 'row.file === file && !row.finalized',
    to: 'row.file === file',
  }),
  rule(
    'link-one-minute',
    'The address to which the download of an artifact, or of logs, leads is of no use after a minute.',
    'https://docs.github.com/en/rest/actions/artifacts#download-an-artifact',
    { file: 'store/blobs.ts', from: ' && Date.parse(se) > hub.clock.time().getTime()', to: '' },
  ),
  rule(
    'artifact-90-days',
    'An artifact is kept for 90 days, or for fewer that its job asked for.',
    'https://docs.github.com/en/organizations/managing-organization-settings/configuring-the-retention-period-for-github-actions-artifacts-and-logs-in-your-organization',
    inArtifacts('Math.min(time, latest)', 'time'),
  ),
  rule(
    'wrong-type',
    'A message that is no JSON, or whose members are of other types, is answered with Twirp’s «malformed».',
    'https://twitchtv.github.io/twirp/docs/errors.html',
    {
      file: 'services/twirp.ts',
      from: "if (value === undefined || typeof value === 'string') return value",
      to: 'return value === undefined ? value : String(value)',
    },
  ),
  rule(
    'no-such-method',
    'A method that is not there is answered with Twirp’s «bad_route».',
    'https://twitchtv.github.io/twirp/docs/errors.html',
    {
      file: 'services/routes.ts',
      from: 'methods && Object.hasOwn(methods, method) ? methods[method] : undefined',
      to: 'methods?.[method]',
    },
  ),
  rule(
    'cache-once',
    'An entry of the cache that is there does not change: the same key and version is refused with 409.',
    CACHING,
    inCaches("if (twin?.finalized) throw new TwirpError('already_exists', 'cache entry already exists')", ''),
  ),
  rule(
    'cache-reserved',
    'While a job saves an entry of the cache, no other begins one of the same key and version, and none but that job finishes it.',
    'https://github.com/actions/toolkit/blob/main/packages/cache/src/cache.ts',
    inCaches("twin && hub.store.jobs.get(twin.job)?.status === 'in_progress'", 'false'),
  ),
  rule(
    'cache-key',
    'The key of a cache has at most 512 characters and no comma.',
    'https://github.com/actions/toolkit/blob/main/packages/cache/src/cache.ts',
    inCaches("if (key.length > MAX_KEY || key.includes(','))", 'if (false)'),
  ),
  rule(
    'cache-prefix',
    'A restore key finds the newest entry that begins with it; an exact key goes before.',
    CACHING,
    inCaches('rows.findLast((row) => row.key.startsWith(key))', 'rows.find((row) => row.key.startsWith(key))'),
  ),
  rule(
    'cache-of-default-branch',
    'A branch restores what the default branch has saved.',
    CACHING,
    inCaches(', `refs/heads/${repo.defaultBranch}`]', ']'),
  ),
  rule(
    'cache-of-other-branch',
    'No branch restores what one beside it, or one that came off it, has saved.',
    CACHING,
    inCaches('row.repo === run.repo && row.ref === ref && row.version === version', 'row.version === version'),
  ),
  rule(
    'cache-own-before-default',
    'A branch’s own entries go before those of the default branch, even by a restore key.',
    CACHING,
    inCaches('for (const ref of refs) {', 'for (const ref of refs.reverse()) {'),
  ),
  rule(
    'cache-read-only',
    'A run on the default branch that strangers can start reads the cache only: «cache write denied: token has no writable scopes».',
    'https://github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers/',
    inCaches("cacheMode(hub, run) === 'read'", 'false'),
  ),
  rule('cache-10-gb', 'The caches of a repository have 10 GB together; beyond, the least recently used go.', CACHING, {
    file: 'services/cache-eviction.ts',
    from: 'bytes <= MAX_BYTES && ',
    to: '',
  }),
  rule('cache-seven-days', 'A cache that nobody has used for seven days is gone.', CACHING, {
    file: 'services/cache-eviction.ts',
    from: ' && now - Date.parse(row.accessedAt) <= LONGEST_IDLE',
    to: '',
  }),
  rule('token-of-ended-job', 'The runtime token of a job is of no use once the job has ended.', TOOLKIT, {
    file: 'services/twirp.ts',
    from: " || job.status !== 'in_progress'",
    to: '',
  }),
]
