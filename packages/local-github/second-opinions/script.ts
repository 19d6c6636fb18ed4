import { Octokit } from '@octokit/rest'
import type { Answer } from './compare.ts'

/** What earlier answers gave for later requests. */
type Known = Record<string, string | number>

interface Step {
  name: string
  /** `POST /repos/{owner}/{repo}/labels`. */
  route: string
  parameters?: (known: Known) => Record<string, unknown>
  /** What is kept of the answer. */
  keep?: (body: never) => Known
}

const step = (name: string, route: string, parameters?: Step['parameters'], keep?: Step['keep']): Step => ({
  name,
  route: route.replace('~', '/repos/{owner}/{repo}'),
  ...(parameters ? { parameters } : {}),
  ...(keep ? { keep } : {}),
})

const text = (content: string) => Buffer.from(content).toString('base64')

/** One conversation for every server: what a user of a repository does, and the mistakes that are made. */
export const SCRIPT: readonly Step[] = [
  step('who am I', 'GET /user'),
  step('a user', 'GET /users/{username}', () => ({ username: 'ann' })),
  step('nobody', 'GET /users/{username}', () => ({ username: 'nobody' })),
  step('the repository', 'GET ~'),
  step(
    'a file',
    'PUT ~/contents/{path}',
    () => ({ path: 'a.txt', message: 'Add a', content: text('a\n') }),
    (body: { commit: { sha: string }; content: { sha: string } }) => ({
      first: body.commit.sha,
      blob: body.content.sha,
    }),
  ),
  step('the file again without its sha', 'PUT ~/contents/{path}', () => ({
    path: 'a.txt',
    message: 'Again',
    content: text('b\n'),
  })),
  step('the file as JSON', 'GET ~/contents/{path}', () => ({ path: 'a.txt' })),
  step('a file that is not there', 'GET ~/contents/{path}', () => ({ path: 'none.txt' })),
  step('the folder', 'GET ~/contents/{path}', () => ({ path: '' })),
  step(
    'main',
    'GET ~/git/ref/{ref}',
    () => ({ ref: 'heads/main' }),
    (body: { object: { sha: string } }) => ({ main: body.object.sha }),
  ),
  step(
    'its commit',
    'GET ~/git/commits/{commit_sha}',
    ({ main }) => ({ commit_sha: main }),
    (body: { tree: { sha: string } }) => ({
      tree: body.tree.sha,
    }),
  ),
  step(
    'a blob',
    'POST ~/git/blobs',
    () => ({ content: 'model\n', encoding: 'utf-8' }),
    (body: { sha: string }) => ({ made: body.sha }),
  ),
  step(
    'a tree',
    'POST ~/git/trees',
    ({ tree, made }) => ({
      base_tree: tree,
      tree: [{ path: 'model.txt', mode: '100644', type: 'blob', sha: made }],
    }),
    (body: { sha: string }) => ({ tree: body.sha }),
  ),
  step(
    'a commit',
    'POST ~/git/commits',
    ({ tree, main }) => ({ message: 'Model', tree, parents: [main] }),
    (body: { sha: string }) => ({
      commit: body.sha,
    }),
  ),
  step('a branch', 'POST ~/git/refs', ({ commit }) => ({ ref: 'refs/heads/topic', sha: commit })),
  step('the branch again', 'POST ~/git/refs', ({ commit }) => ({ ref: 'refs/heads/topic', sha: commit })),
  step('a branch at no commit', 'POST ~/git/refs', () => ({ ref: 'refs/heads/x', sha: '1'.repeat(40) })),
  step('a ref of another form', 'POST ~/git/refs', ({ commit }) => ({ ref: 'topic', sha: commit })),
  step('a ref that is not there', 'GET ~/git/ref/{ref}', () => ({ ref: 'heads/none' })),
  step('back, without force', 'PATCH ~/git/refs/{ref}', ({ main }) => ({ ref: 'heads/topic', sha: main })),
  step('matching refs', 'GET ~/git/matching-refs/{ref}', () => ({ ref: 'heads/' })),
  step(
    'an annotated tag',
    'POST ~/git/tags',
    ({ commit }) => ({ tag: 'v0', message: 'Zero', object: commit, type: 'commit' }),
    (body: { sha: string }) => ({ tag: body.sha }),
  ),
  step('its ref', 'POST ~/git/refs', ({ tag }) => ({ ref: 'refs/tags/v0', sha: tag })),
  step('the tag', 'GET ~/git/tags/{tag_sha}', ({ tag }) => ({ tag_sha: tag })),
  step('branches', 'GET ~/branches'),
  step('a branch by name', 'GET ~/branches/{branch}', () => ({ branch: 'topic' })),
  step('commits', 'GET ~/commits'),
  step('compare', 'GET ~/compare/{basehead}', () => ({ basehead: 'main...topic' })),
  step('a label', 'POST ~/labels', () => ({ name: 'drift', color: 'ff0000', description: 'It moves' })),
  step('the label again', 'POST ~/labels', () => ({ name: 'drift', color: 'ff0000' })),
  step('an issue', 'POST ~/issues', () => ({ title: 'Drift', body: 'Seen', labels: ['drift'] })),
  step('an issue without a title', 'POST ~/issues', () => ({ body: 'Nothing' })),
  step('issues by label', 'GET ~/issues', () => ({ labels: 'drift' })),
  step(
    'a comment',
    'POST ~/issues/{issue_number}/comments',
    () => ({ issue_number: 1, body: 'Yes' }),
    (body: { id: number }) => ({
      comment: body.id,
    }),
  ),
  step('the comment edited', 'PATCH ~/issues/comments/{comment_id}', ({ comment }) => ({
    comment_id: comment,
    body: 'No',
  })),
  step('an empty comment', 'POST ~/issues/{issue_number}/comments', () => ({ issue_number: 1, body: '' })),
  step('a comment on nothing', 'POST ~/issues/{issue_number}/comments', () => ({ issue_number: 99, body: 'Hm' })),
  step('a pull request', 'POST ~/pulls', () => ({ title: 'Topic', head: 'topic', base: 'main', body: 'Please' })),
  step('the pull request again', 'POST ~/pulls', () => ({ title: 'Topic', head: 'topic', base: 'main' })),
  step('one of no branch', 'POST ~/pulls', () => ({ title: 'None', head: 'none', base: 'main' })),
  step('one of nothing new', 'POST ~/pulls', () => ({ title: 'Same', head: 'main', base: 'main' })),
  step('its files', 'GET ~/pulls/{pull_number}/files', () => ({ pull_number: 2 })),
  step('its commits', 'GET ~/pulls/{pull_number}/commits', () => ({ pull_number: 2 })),
  step('a review of one’s own', 'POST ~/pulls/{pull_number}/reviews', () => ({ pull_number: 2, event: 'APPROVE' })),
  step('a remark', 'POST ~/pulls/{pull_number}/reviews', () => ({ pull_number: 2, event: 'COMMENT', body: 'Hm' })),
  step('a status', 'POST ~/statuses/{sha}', ({ commit }) => ({ sha: commit, state: 'success', context: 'ci' })),
  step('the combined status', 'GET ~/commits/{ref}/status', ({ commit }) => ({ ref: commit })),
  step(
    'a check run',
    'POST ~/check-runs',
    ({ commit }) => ({
      name: 'gate',
      head_sha: commit,
      status: 'completed',
      conclusion: 'success',
      output: { title: 'Gate', summary: 'Passed' },
    }),
    (body: { id: number }) => ({ check: body.id }),
  ),
  step('check runs', 'GET ~/commits/{ref}/check-runs', ({ commit }) => ({ ref: commit })),
  step('not merged yet', 'GET ~/pulls/{pull_number}/merge', () => ({ pull_number: 2 })),
  step('a merge', 'PUT ~/pulls/{pull_number}/merge', () => ({ pull_number: 2, merge_method: 'squash' })),
  step('the merge again', 'PUT ~/pulls/{pull_number}/merge', () => ({ pull_number: 2 })),
  step('merged', 'GET ~/pulls/{pull_number}', () => ({ pull_number: 2 })),
  step(
    'a draft',
    'POST ~/releases',
    () => ({ tag_name: 'v1', name: 'One', draft: true }),
    (body: { id: number }) => ({ release: body.id }),
  ),
  step('the draft by its tag', 'GET ~/releases/tags/{tag}', () => ({ tag: 'v1' })),
  step('published', 'PATCH ~/releases/{release_id}', ({ release }) => ({ release_id: release, draft: false })),
  step('a second release of the tag', 'POST ~/releases', () => ({ tag_name: 'v1' })),
  step('the latest', 'GET ~/releases/latest'),
  step('no release', 'GET ~/releases/tags/{tag}', () => ({ tag: 'v9' })),
  step('tags', 'GET ~/tags'),
  step('closed', 'PATCH ~/issues/{issue_number}', () => ({ issue_number: 1, state: 'closed' })),
  step('a state there is not', 'PATCH ~/issues/{issue_number}', () => ({ issue_number: 1, state: 'gone' })),
  step('the branch gone', 'DELETE ~/git/refs/{ref}', () => ({ ref: 'heads/topic' })),
  step('the branch gone again', 'DELETE ~/git/refs/{ref}', () => ({ ref: 'heads/topic' })),
  step('protection where there is none', 'GET ~/branches/{branch}/protection', () => ({ branch: 'main' })),
]

/** Has the conversation with a server; answers by step. */
export async function converse(baseUrl: string, token: string): Promise<Map<string, Answer>> {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const octokit = new Octokit({ baseUrl, auth: token, log: quiet })
  const answers = new Map<string, Answer>()
  let known: Known = {}
  for (const { name, route, parameters, keep } of SCRIPT) {
    const given = { owner: 'ann', repo: 'model', ...parameters?.(known) }
    const answer = await octokit.request(route, given).then(
      ({ status, data }) => ({ status, body: data as unknown }),
      (error: { status: number; response?: { data: unknown } }) => ({
        status: error.status,
        body: error.response?.data,
      }),
    )
    answers.set(name, answer)
    if (keep && answer.status < 300) known = { ...known, ...keep(answer.body as never) }
  }
  return answers
}
