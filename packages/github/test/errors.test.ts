import { RequestError } from '@octokit/request-error'
import { describe, expect, it } from 'vitest'
import { createPullRequest } from '../src/branch-pull-requests.ts'
import { connect } from '../src/connect.ts'
import { doing } from '../src/doings.ts'
import { explain, type GitHubError } from '../src/errors.ts'

const request = { method: 'POST' as const, url: 'https://api.github.com/x', headers: {} }

function refused(status: number, data: unknown, headers: Record<string, string> = {}): RequestError {
  const said = (data as { message?: string }).message ?? 'no'
  return new RequestError(said, status, { request, response: { status, url: request.url, headers, data } })
}

const sentence = (error: unknown, what = 'create a comment') => (explain(error, what) as GitHubError).message

describe('what GitHub refuses is said in one sentence', () => {
  it('names the permission that the token lacks', () => {
    const error = explain(
      refused(
        403,
        { message: 'Resource not accessible by integration' },
        { 'x-accepted-github-permissions': 'pull_requests=write' },
      ),
      'create a comment',
    ) as GitHubError
    expect(error.message).toBe(
      `The token may not create a comment: it lacks "pull-requests: write". Add it under the job's permissions:.`,
    )
    expect(error).toMatchObject({ status: 403, permission: 'pull-requests: write' })
  })

  it('names all that are needed, and those of which one is enough', () => {
    const headers = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write,contents=read' }
    expect(sentence(refused(403, { message: 'no' }, headers))).toContain(
      'it lacks "issues: write" or "pull-requests: write" and "contents: read".',
    )
  })

  it('names the repository in which something is not there: it may be misspelt', () => {
    const error = refused(404, { message: 'Not Found' })
    error.response!.url = 'https://api.github.com/repos/acme/tpyo/git/matching-refs/tags/m?per_page=100'
    expect(sentence(error)).toBe(
      'GitHub could not create a comment in acme/tpyo: it is not there, or the token may not see it (Not Found).',
    )
  })

  it.each<[RequestError, string]>([
    [refused(403, { message: 'Upgrade to GitHub Pro.' }), 'The token may not create a comment: Upgrade to GitHub Pro.'],
    [
      refused(401, { message: 'Bad credentials' }),
      'GitHub does not accept the token, so it could not create a comment. Give a token that is valid.',
    ],
    [
      refused(404, { message: 'Not Found' }),
      'GitHub could not create a comment: it is not there, or the token may not see it (Not Found).',
    ],
    [
      refused(422, {
        message: 'Validation Failed',
        errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }],
      }),
      'GitHub refused to create a comment: Validation Failed; Release tag_name already_exists.',
    ],
    [
      refused(422, {
        message: 'Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n',
      }),
      'A ruleset of the repository does not let this token create a comment (Cannot create ref due to creations being restricted). Run it again as somebody who is on its bypass list, or change it: Settings → Rules → Rulesets.',
    ],
    [
      refused(422, {
        message: 'Validation Failed',
        errors: [{ field: 'pre_receive', message: 'pre_receive Repository rule violations found\n\nNo.\n\n' }],
      }),
      'A ruleset of the repository does not let this token create a comment (No). Run it again as somebody who is on its bypass list, or change it: Settings → Rules → Rulesets.',
    ],
    [
      refused(502, { message: 'Bad Gateway' }),
      'GitHub itself failed to create a comment (502, Bad Gateway). Run it again.',
    ],
    [
      refused(403, { message: 'API rate limit exceeded for installation.' }, { 'x-ratelimit-remaining': '0' }),
      "GitHub's rate limit is used up, so it could not create a comment (API rate limit exceeded for installation). Run it again later.",
    ],
    [
      Object.assign(new RequestError('fetch failed', 500, { request }), {
        cause: new Error('connect ECONNREFUSED 127.0.0.1:1'),
      }),
      'GitHub could not be reached to create a comment (connect ECONNREFUSED 127.0.0.1:1). Run it again.',
    ],
  ])('%s', (error, message) => expect(sentence(error)).toBe(message))

  it('leaves alone what is no answer of GitHub', () => {
    const bug = new TypeError('x is not a function')
    expect(explain(bug, 'create a comment')).toBe(bug)
  })

  it('says what a request is for', () => {
    expect(doing('POST', '/repos/{owner}/{repo}/git/tags')).toBe('create a tag')
    expect(doing('POST', 'https://uploads.github.com/repos/a/b/releases/1/assets{?name}')).toBe(
      'upload a file to a release',
    )
    expect(doing('GET', 'http://127.0.0.1:1/api/v3/repos/a/b/git/matching-refs/tags%2Fm%23?per_page=100')).toBe(
      'list tags',
    )
    expect(doing('GET', 'https://api.github.com/repos/a/b/commits/main/pulls')).toBe(
      'list the pull requests of a commit',
    )
    expect(doing('GET', '/rate_limit')).toBe('answer GET /rate_limit')
  })
})

describe('connecting', () => {
  it.each(['', 'acme', 'acme/', 'acme/a/b'])('refuses %j, which is no repository', (repository) => {
    expect(() => connect({ token: 't', repository })).toThrow(
      `The repository is ${JSON.stringify(repository)}; it must be owner/name.`,
    )
  })

  it('turns every refusal into a sentence about that very request', async () => {
    const fetch = async () =>
      new Response('{"message":"Resource not accessible by integration"}', {
        status: 403,
        headers: { 'content-type': 'application/json', 'x-accepted-github-permissions': 'contents=write' },
      })
    const { octokit } = connect({ token: 't', repository: 'a/b', apiUrl: 'http://127.0.0.1:1', fetch })
    const call = octokit.rest.git.createRef({ owner: 'a', repo: 'b', ref: 'refs/tags/x', sha: '0' })
    await expect(call).rejects.toMatchObject({
      name: 'GitHubError',
      message: `The token may not create a ref: it lacks "contents: write". Add it under the job's permissions:.`,
    })
  })
})

describe('a pull request that workflows may not open', () => {
  it('names the setting rather than a permission that the token has', async () => {
    const fetch = async () =>
      Response.json(
        { message: 'GitHub Actions is not permitted to create or approve pull requests.' },
        { status: 403, headers: { 'x-accepted-github-permissions': 'pull_requests=write' } },
      )
    const github = connect({ token: 't', repository: 'a/b', apiUrl: 'http://127.0.0.1:1', fetch })
    await expect(createPullRequest(github, { branch: 'x', base: 'main', title: 't', body: 'b' })).rejects.toThrow(
      'Workflows may not open pull requests in a/b: turn on Settings → Actions → General → Allow GitHub Actions to create and approve pull requests.',
    )
  })
})
