import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const { github, octokit, as, owner, repo, git, gitDir } = await createFixture({ secondaryLimits: true })
const at = { owner, repo }
const anyone = connect(github.apiUrl)
const bob = await as('bob')

// More tags than a page holds.
const head = await git('rev-parse', 'HEAD')
const refs = Array.from({ length: 101 }, (_, index) => `create refs/tags/t${index} ${head}\n`)
execFileSync('git', ['update-ref', '--stdin'], { cwd: gitDir, input: refs.join('') })

const remaining = (headers: Record<string, unknown>) => Number(headers['x-ratelimit-remaining'])
const notModified = { status: 304, body: expect.anything() }
const invalid = (...lines: string[]) => ({
  status: 422,
  body: expect.objectContaining({ message: `Invalid request.\n\n${lines.join('\n')}` }),
})

it('protocol/malformed-json', async () => {
  const broken = octokit.request({ method: 'POST', url: '/repos/acme/model/issues', data: '{"title":' } as never)
  expect(await refusal(broken)).toMatchObject({ status: 400, body: { message: 'Problems parsing JSON' } })
})

it('protocol/missing-member', async () => {
  expect(await refusal(octokit.issues.create({ ...at, body: 'x' } as never))).toEqual(
    invalid(`"title" wasn't supplied.`),
  )
  expect(await refusal(octokit.pulls.create({ ...at, title: 'x' } as never))).toEqual(
    invalid(`"base", "head" weren't supplied.`),
  )
  expect(await refusal(octokit.request('POST /repos/{owner}/{repo}/git/refs', at as never))).toEqual(
    invalid("For 'links/0/schema', nil is not an object."),
  )
})

it('protocol/wrong-type', async () => {
  const issue = { ...at, issue_number: 1 }
  expect(await refusal(octokit.git.createBlob({ ...at, content: 42 as never }))).toEqual(
    invalid("For 'properties/content', 42 is not a string."),
  )
  expect(await refusal(octokit.repos.createRelease({ ...at, tag_name: 'v1', draft: 'true' as never }))).toEqual(
    invalid(`For 'properties/draft', "true" is not a boolean.`),
  )
  const assignees = { login: ['bob'] } as never
  expect(await refusal(octokit.issues.create({ ...at, title: 'x', assignees }))).toEqual(
    invalid(`For 'properties/assignees', {"login" => ["bob"]} is not an array.`),
  )
  await octokit.issues.create({ ...at, title: 'x' })
  expect(await refusal(octokit.issues.update({ ...issue, state: 'ajar' as never }))).toEqual(
    invalid('ajar is not a member of ["open", "closed"].'),
  )
})

it('protocol/permission-first', async () => {
  const eve = await as('eve')
  expect(await refusal(eve.repos.createRelease({ ...at, tag_name: 1 as never }))).toMatchObject({ status: 403 })
})

it('protocol/errors-name-their-page', async () => {
  expect(await refusal(octokit.issues.get({ ...at, issue_number: 999 }))).toMatchObject({
    body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest/issues/issues#get-an-issue' },
  })
})

it('protocol/unknown-version', async () => {
  const headers = { 'x-github-api-version': 'v3' }
  expect(await refusal(octokit.repos.get({ ...at, headers }))).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('"v3", is not a supported version') },
  })
})

it('protocol/unknown-media-type', async () => {
  const response = await fetch(`${github.apiUrl}/repos/acme/model`, { headers: { accept: 'application/xml' } })
  expect(response.status).toBe(415)
  expect(await response.json()).toMatchObject({
    message: "Unsupported 'Accept' header: 'application/xml'. Must accept 'application/json'.",
  })
})

it('protocol/etag-matches', async () => {
  const { headers } = await octokit.repos.get(at)
  const again = octokit.repos.get({ ...at, headers: { 'if-none-match': headers.etag! } })
  expect(await refusal(again)).toEqual({ ...notModified, body: '' })
  const changed = octokit.repos.get({ ...at, headers: { 'if-none-match': 'W/"other", "another"' } })
  expect((await changed).status).toBe(200)
})

it('protocol/not-modified-since', async () => {
  const { data } = await octokit.issues.create({ ...at, title: 'Since' })
  const issue = { ...at, issue_number: data.number }
  const { headers } = await octokit.issues.get(issue)
  expect(Date.parse(headers['last-modified']!)).toBe(Date.parse(data.updated_at))
  const since = (time: string) => octokit.issues.get({ ...issue, headers: { 'if-modified-since': time } })
  expect((await refusal(since(headers['last-modified']!))).status).toBe(304)
  expect((await since('Tue, 10 Oct 2017 16:00:00 GMT')).status).toBe(200)
})

it('protocol/not-modified-is-free', async () => {
  const { headers } = await octokit.repos.get(at)
  await refusal(octokit.repos.get({ ...at, headers: { 'if-none-match': headers.etag! } }))
  expect(remaining((await octokit.repos.get(at)).headers)).toBe(remaining(headers) - 1)
})

it('protocol/etag-by-token', async () => {
  const [ours, theirs] = await Promise.all(
    [octokit.repos.getBranch, bob.repos.getBranch].map(async (getBranch) => {
      const { data, headers } = await getBranch({ ...at, branch: 'main' })
      return { data, etag: headers.etag }
    }),
  )
  expect(theirs!.data).toEqual(ours!.data)
  expect(theirs!.etag).not.toBe(ours!.etag)
})

it('protocol/location', async () => {
  const { headers, data } = await octokit.git.createBlob({ ...at, content: 'ml' })
  expect(headers.location).toBe(data.url)
})

it('protocol/most-per-page', async () => {
  const { data, headers } = await octokit.repos.listTags({ ...at, per_page: 1000 })
  expect(data).toHaveLength(100)
  expect(headers.link).toContain('per_page=1000&page=2>; rel="next"')
})

it('protocol/past-the-end', async () => {
  const { data, headers } = await octokit.repos.listBranches({ ...at, page: 7 })
  expect(data).toEqual([])
  expect(headers.link).not.toContain('rel="next"')
})

it('protocol/link-by-id', async () => {
  const { id } = (await octokit.repos.get(at)).data
  const { headers } = await octokit.repos.listTags({ ...at, per_page: 60 })
  const next = `${github.apiUrl}/repositories/${id}/tags?per_page=60&page=2`
  expect(headers.link).toBe(`<${next}>; rel="next", <${next}>; rel="last"`)
  expect((await octokit.request(`GET ${next}`)).data.length).toBeGreaterThan(0)
})

it('protocol/limit-of-people', async () => {
  const { data } = await octokit.rateLimit.get()
  expect(data.resources.core.limit).toBe(5000)
})

it('protocol/limit-of-jobs', async () => {
  const job = () => connect(github.apiUrl, github.createJobToken('acme/model', { contents: 'read' }))
  const [first, second] = [job(), job()]
  await github.advance(3_600_000)
  const { headers } = await first.repos.get(at)
  expect([headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]).toEqual(['1000', '999'])
  const branches = await second.repos.listBranches(at)
  expect(remaining(branches.headers)).toBe(998)
})

it('protocol/limit-of-strangers', async () => {
  await github.advance(3_600_000)
  for (let index = 0; index < 60; index++) await anyone.meta.root()
  const refused = await anyone.meta.root().catch((error) => error.response)
  expect(refused).toMatchObject({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '60' } })
  expect(refused.data.message).toMatch(/^API rate limit exceeded for 127\.0\.0\.1\./)
})

it('protocol/limit-resets', async () => {
  const before = await octokit.meta.root()
  await github.advance(3_600_000)
  const after = await octokit.meta.root()
  expect(remaining(after.headers)).toBe(4999)
  expect(Number(after.headers['x-ratelimit-reset'])).toBeGreaterThan(Number(before.headers['x-ratelimit-reset']))
})

it('protocol/limit-is-asked-for-free', async () => {
  const [first, second] = [await octokit.rateLimit.get(), await octokit.rateLimit.get()]
  expect(second.data.resources.core.used).toBe(first.data.resources.core.used)
})

it('protocol/secondary-writes', async () => {
  const label = (name: string) => bob.issues.createLabel({ ...at, name })
  await github.advance(60_000)
  for (let index = 0; index < 80; index++) await label(`label ${index}`)
  const refused = await label('one more').catch((error) => error.response)
  expect(refused).toMatchObject({ status: 403, headers: { 'retry-after': '60' } })
  expect(remaining(refused.headers)).toBeGreaterThan(0)
  expect(refused.data.message).toMatch(/^You have exceeded a secondary rate limit/)
  await github.advance(60_000)
  expect((await label('one more')).status).toBe(201)
})

it('protocol/cross-origin', async () => {
  const asked = await fetch(`${github.apiUrl}/repos/acme/model/issues`, { method: 'OPTIONS' })
  expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([
    204,
    'GET, POST, PATCH, PUT, DELETE',
  ])
  const { headers } = await octokit.repos.get(at)
  expect(headers['access-control-allow-origin']).toBe('*')
  expect(headers['access-control-expose-headers']).toContain('X-RateLimit-Remaining')
})
