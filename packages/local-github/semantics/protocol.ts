import type { Rule } from './rule.ts'

const LIMITS = 'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api'
const CONDITIONAL =
  'https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests'
const TROUBLE = 'https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api'
const PAGES = 'https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api'
const recorded = (scenario: string) =>
  `https://github.com/octokit/fixtures/tree/main/scenarios/api.github.com/${scenario}`

const rule = (id: string, text: string, source: string, takeOut: Rule['takeOut']): Rule => ({
  id: `protocol/${id}`,
  rule: text,
  source,
  test: 'protocol.test.ts',
  takeOut,
})

export const PROTOCOL: readonly Rule[] = [
  rule('malformed-json', 'A body that is no JSON is refused with 400 «Problems parsing JSON».', TROUBLE, {
    file: 'http/app.ts',
    from: "    throw new ApiError(400, 'Problems parsing JSON')",
    to: '    return {}',
  }),
  rule('missing-member', 'A member that is missing is refused with 422 «Invalid request.», and its name.', TROUBLE, {
    file: 'http/request-schema.ts',
    from: '  if (problems.length === 0) return',
    to: "  if (problems.every(({ keyword }) => keyword === 'required')) return",
  }),
  rule(
    'wrong-type',
    "A member of the wrong type is refused with 422 «For 'properties/body', 42 is not a string.»; numbers as text are none.",
    'https://github.com/brandur/json_schema/blob/master/lib/json_schema/validator.rb',
    {
      file: 'http/request-schema.ts',
      from: '  if (problems.length === 0) return',
      to: "  if (problems.every(({ keyword }) => keyword === 'type')) return",
    },
  ),
  rule('permission-first', 'Who may not write is refused before the body is looked at.', TROUBLE, {
    file: 'http/app.ts',
    from: '    return admit(hub, c, resource, next)',
    to: "    if (c.req.method === 'POST') demandSchema(findOperation('POST', routeOf(c)), await parseBody(c))\n    return admit(hub, c, resource, next)",
  }),
  rule(
    'errors-name-their-page',
    'An error names the page of the documentation that describes the operation.',
    'https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed',
    {
      file: 'http/errors.ts',
      from: 'documentation_url: this.docs ?? docs ?? ',
      to: 'documentation_url: ',
    },
  ),
  rule(
    'unknown-version',
    'An unknown `X-GitHub-Api-Version` is refused with 400 and the versions that there are.',
    'https://github.com/expipiplus1/update-nix-fetchgit/issues/79',
    {
      file: 'http/headers.ts',
      from: 'if (version !== undefined && version !== VERSION) {',
      to: 'if (version === VERSION && version === undefined) {',
    },
  ),
  rule(
    'unknown-media-type',
    'Who accepts none of the media types of the API is refused with 415.',
    'https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types',
    {
      file: 'http/headers.ts',
      from: 'if (accept !== undefined && !UNDERSTOOD.test(accept)) {',
      to: 'if (accept === null) {',
    },
  ),
  rule('etag-matches', '`If-None-Match` with the present `ETag` is answered by 304 without a body.', CONDITIONAL, {
    file: 'http/conditional.ts',
    from: 'if (tags !== undefined) return',
    to: 'if (tags === undefined) return',
  }),
  rule('not-modified-since', '`If-Modified-Since` with the present `Last-Modified` is answered by 304.', CONDITIONAL, {
    file: 'http/conditional.ts',
    from: '  return modified <= since',
    to: '  return modified < 0',
  }),
  rule('not-modified-is-free', 'A 304 to a request with a token costs nothing of the rate limit.', CONDITIONAL, {
    file: 'http/conditional.ts',
    from: 'if (!isAnonymous) refund(hub, c)',
    to: '',
  }),
  rule(
    'etag-by-token',
    'The `ETag` of the same thing is another one for another token.',
    'https://github.com/github/docs/issues/34689',
    {
      file: 'http/conditional.ts',
      from: "const token = c.req.header('authorization') ?? ''",
      to: "const token = ''",
    },
  ),
  rule('location', 'What was made is named in `Location` of the 201.', recorded('labels'), {
    file: 'http/conditional.ts',
    from: "c.header('location', said.url)",
    to: '{}',
  }),
  rule('most-per-page', '`per_page` over 100 is 100, without a word.', PAGES, {
    file: 'http/app.ts',
    from: 'pages.size, 1), pages.most)',
    to: 'pages.size, 1), 100_000)',
  }),
  rule('past-the-end', 'A page past the end is empty and no error; `Link` has no next.', PAGES, {
    file: 'http/app.ts',
    from: '...(number < last ?',
    to: '...(number !== last ?',
  }),
  rule('link-by-id', '`Link` names a repository by its id, and that address answers.', recorded('paginate-issues'), {
    file: 'http/app.ts',
    from: '`/repositories/${repo.id}`',
    to: "'$&'",
  }),
  rule('limit-of-people', 'All tokens of a person share 5,000 requests an hour.', LIMITS, {
    file: 'http/rate-limits.ts',
    from: '? 1000 : 5000',
    to: '? 1000 : 15_000',
  }),
  rule('limit-of-jobs', 'The GITHUB_TOKENs of one repository share 1,000 requests an hour.', LIMITS, {
    file: 'http/rate-limits.ts',
    from: '`repository ${by.repo}`',
    to: '`repository ${by.repo} ${Math.random()}`',
  }),
  rule('limit-of-strangers', 'Without a token there are 60 requests an hour; the next is refused with 403.', LIMITS, {
    file: 'http/quota.ts',
    from: 'if (isExceeded) return refuse(hub, c, resource)',
    to: '',
  }),
  rule('limit-resets', 'After `x-ratelimit-reset` there are all of them again.', LIMITS, {
    file: 'http/rate-limits.ts',
    from: 'if (known && now < known.until) return known',
    to: 'if (known) return known',
  }),
  rule(
    'limit-is-asked-for-free',
    'To ask for `/rate_limit` costs nothing.',
    `${LIMITS}#checking-the-status-of-your-rate-limit`,
    {
      file: 'http/quota.ts',
      from: "c.req.path.endsWith('/rate_limit') || ",
      to: '',
    },
  ),
  rule(
    'secondary-writes',
    'More than 80 writes in a minute are refused with 403 and `retry-after`, although the primary limit is not reached.',
    `${LIMITS}#about-secondary-rate-limits`,
    {
      file: 'http/secondary-limits.ts',
      from: '(!creates || admits(`${by} creates`, 1, MAX_CREATED))',
      to: 'true',
    },
  ),
  rule(
    'cross-origin',
    'Any origin may ask: `Access-Control-Allow-Origin: *`, and the preflight is answered without a token.',
    'https://docs.github.com/en/rest/using-the-rest-api/using-cors-and-jsonp-to-make-cross-origin-requests',
    {
      file: 'http/headers.ts',
      from: "  if (c.req.method === 'OPTIONS') return preflight()",
      to: '',
    },
  ),
]
