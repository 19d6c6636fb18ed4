import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { connect, createFixture } from './fixture.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, write, push } = fixture
const at = { owner, repo }

const status = (promise: Promise<unknown>) =>
  promise.then(
    () => 200,
    (error: { status: number }) => error.status,
  )
const message = (promise: Promise<unknown>) =>
  promise.then(
    () => '',
    (error: Error) => error.message,
  )

describe('who asks', () => {
  it('is refused with 401 for a bad token, and for a write without one', async () => {
    expect(await status(connect(github.apiUrl, 'nonsense').repos.get(at))).toBe(401)
    expect(await status(connect(github.apiUrl).issues.create({ ...at, title: 'x' }))).toBe(401)
  })

  it('does not see a private repository of others', async () => {
    await github.createRepository('acme/secret', { owner: 'ann', private: true })
    const bob = await fixture.as('bob')
    expect(await status(bob.repos.get({ owner, repo: 'secret' }))).toBe(404)
    expect((await octokit.repos.get({ owner, repo: 'secret' })).data.private).toBe(true)
  })

  it('learns who they are and what they may', async () => {
    expect((await octokit.users.getAuthenticated()).data.login).toBe('ann')
    expect((await octokit.users.getByUsername({ username: 'bob' })).data.login).toBe('bob')
    const permission = await octokit.repos.getCollaboratorPermissionLevel({ ...at, username: 'bob' })
    expect(permission.data.permission).toBe('write')
    expect((await octokit.rateLimit.get()).data.resources.core.limit).toBe(5000)
  })

  it('gets 400 for a body that is no JSON', async () => {
    const { token } = await github.createUser('ann')
    const headers = { authorization: `token ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${github.apiUrl}/repos/acme/model/issues`, { method: 'POST', headers, body: '{' })
    expect(response.status).toBe(400)
    expect(((await response.json()) as { message: string }).message).toBe('Problems parsing JSON')
  })
})

describe('git data', () => {
  it('writes the objects that git itself would write', async () => {
    const { data: blob } = await octokit.git.createBlob({ ...at, content: 'hello\n' })
    expect(blob.sha).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
    expect(
      Buffer.from((await octokit.git.getBlob({ ...at, file_sha: blob.sha })).data.content, 'base64').toString(),
    ).toBe('hello\n')
    const head = (await octokit.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha
    const base = (await octokit.git.getCommit({ ...at, commit_sha: head })).data.tree.sha
    const entry = { path: 'a/b.txt', mode: '100644', type: 'blob', sha: blob.sha } as const
    const { data: tree } = await octokit.git.createTree({ ...at, base_tree: base, tree: [entry] })
    const listing = (await octokit.git.getTree({ ...at, tree_sha: tree.sha, recursive: '1' })).data.tree
    expect(listing.map(({ path }) => path)).toEqual(['README.md', 'a', 'a/b.txt'])
    const without = await octokit.git.createTree({ ...at, base_tree: tree.sha, tree: [{ ...entry, sha: null }] })
    expect(without.data.sha).toBe(base)
    const author = { name: 'Ann', email: 'ann@example.com', date: '2026-01-02T03:04:05Z' }
    const { data: commit } = await octokit.git.createCommit({
      ...at,
      message: 'm',
      tree: tree.sha,
      parents: [head],
      author,
    })
    expect(commit.author.date).toBe('2026-01-02T03:04:05Z')
    const tag = await octokit.git.createTag({
      ...at,
      tag: 'm@v1',
      message: 'one',
      object: commit.sha,
      type: 'commit',
      tagger: author,
    })
    expect((await octokit.git.getTag({ ...at, tag_sha: tag.data.sha })).data.tagger.date).toBe('2026-01-02T03:04:05Z')
    await octokit.git.createRef({ ...at, ref: 'refs/tags/m@v1', sha: tag.data.sha })
    await git('fetch', '-q', '--tags', 'origin')
    expect(await git('show', 'm@v1:a/b.txt')).toBe('hello')
    expect(await git('fsck', '--strict')).toBe('')
  })

  it('finds refs by prefix, with a # in their names', async () => {
    const { object } = (await octokit.git.getRef({ ...at, ref: 'heads/main' })).data
    for (const name of ['m#production#1', 'm#production#2', 'n#production#1']) {
      await octokit.git.createRef({ ...at, ref: `refs/tags/${name}`, sha: object.sha })
    }
    const { data } = await octokit.git.listMatchingRefs({ ...at, ref: 'tags/m#' })
    expect(data.map(({ ref }) => ref)).toEqual(['refs/tags/m#production#1', 'refs/tags/m#production#2'])
    expect((await octokit.git.getRef({ ...at, ref: 'tags/m#production#2' })).data.ref).toBe('refs/tags/m#production#2')
    expect((await octokit.git.listMatchingRefs({ ...at, ref: 'tags/none' })).data).toEqual([])
    expect(await status(octokit.git.getRef({ ...at, ref: 'tags/m#production' }))).toBe(404)
  })

  it('moves a ref forward only, creates it once, and deletes it', async () => {
    const ref = 'modelyard/m'
    const first = await push('one', 'side')
    const second = await push('two', 'side')
    await octokit.git.createRef({ ...at, ref: `refs/${ref}`, sha: first })
    expect(await message(octokit.git.createRef({ ...at, ref: `refs/${ref}`, sha: first }))).toMatch(
      'Reference already exists',
    )
    await octokit.git.updateRef({ ...at, ref, sha: second })
    expect(await message(octokit.git.updateRef({ ...at, ref, sha: first }))).toMatch('Update is not a fast forward')
    await octokit.git.updateRef({ ...at, ref, sha: first, force: true })
    await octokit.git.deleteRef({ ...at, ref })
    expect(await status(octokit.git.getRef({ ...at, ref }))).toBe(404)
    expect(await message(octokit.git.updateRef({ ...at, ref, sha: first }))).toMatch('Reference does not exist')
    expect(await message(octokit.git.createRef({ ...at, ref: 'refs/heads/x', sha: `${'0'.repeat(39)}1` }))).toMatch(
      'Object does not exist',
    )
    expect(await status(octokit.git.createRef({ ...at, ref: 'refs/heads/a..b', sha: first }))).toBe(422)
  })

  it('lets exactly one of two simultaneous updates win', async () => {
    const base = await push('base', 'race')
    const tree = (await octokit.git.getCommit({ ...at, commit_sha: base })).data.tree.sha
    await octokit.git.createRef({ ...at, ref: 'refs/modelyard/race', sha: base })
    const commits = await Promise.all(
      ['a', 'b'].map((text) => octokit.git.createCommit({ ...at, message: text, tree, parents: [base] })),
    )
    const results = await Promise.all(
      commits.map(({ data }) => status(octokit.git.updateRef({ ...at, ref: 'modelyard/race', sha: data.sha }))),
    )
    expect(results.sort()).toEqual([200, 422])
  })
})

describe('contents, commits and branches', () => {
  it('reads and writes files by path', async () => {
    const { data } = await octokit.repos.createOrUpdateFileContents({
      ...at,
      path: 'docs/a.md',
      message: 'Write',
      content: Buffer.from('text').toString('base64'),
    })
    const file = await octokit.repos.getContent({ ...at, path: 'docs/a.md' })
    expect(file.data).toMatchObject({ type: 'file', sha: data.content!.sha, encoding: 'base64' })
    const raw = await octokit.repos.getContent({ ...at, path: 'docs/a.md', mediaType: { format: 'raw' } })
    expect(raw.data).toBe('text')
    expect((await octokit.repos.getContent({ ...at, path: 'docs' })).data).toHaveLength(1)
    const content = Buffer.from('x').toString('base64')
    expect(
      await status(octokit.repos.createOrUpdateFileContents({ ...at, path: 'docs/a.md', message: 'm', content })),
    ).toBe(422)
    const wrong = { ...at, path: 'docs/a.md', message: 'm', content, sha: '0'.repeat(40) }
    expect(await message(octokit.repos.createOrUpdateFileContents(wrong))).toMatch('does not match')
    expect(await status(octokit.repos.getContent({ ...at, path: 'none' }))).toBe(404)
  })

  it('lists and compares commits', async () => {
    await git('fetch', '-q', 'origin')
    await git('checkout', '-q', '-B', 'topic', 'origin/main')
    await write('b.txt', 'b\n')
    const sha = await push('Add b', 'topic')
    expect((await octokit.repos.listCommits({ ...at, sha: 'topic' })).data[0]!.sha).toBe(sha)
    const { data } = await octokit.repos.compareCommitsWithBasehead({ ...at, basehead: 'main...topic' })
    expect(data).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0 })
    expect(data.files?.map(({ filename, status }) => [filename, status])).toEqual([['b.txt', 'added']])
    expect((await octokit.repos.getCommit({ ...at, ref: 'topic' })).data.stats?.additions).toBe(1)
    expect((await octokit.repos.getBranch({ ...at, branch: 'topic' })).data.commit.sha).toBe(sha)
    expect((await octokit.repos.listBranches(at)).data.map(({ name }) => name)).toContain('topic')
    expect((await octokit.repos.listTags(at)).data.length).toBeGreaterThan(0)
  })

  it('keeps statuses and checks by commit', async () => {
    const sha = (await octokit.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha
    await octokit.repos.createCommitStatus({ ...at, sha, state: 'success', context: 'ci' })
    expect((await octokit.repos.getCombinedStatusForRef({ ...at, ref: sha })).data.state).toBe('success')
    expect((await octokit.repos.listCommitStatusesForRef({ ...at, ref: sha })).data).toHaveLength(1)
    const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'warning', message: 'm' } as const
    const output = { title: 't', summary: 's', annotations: Array.from({ length: 50 }, () => annotation) }
    // Checks are written by apps alone.
    const { checks } = connect(github.apiUrl, github.createJobToken('acme/model', { checks: 'write' }))
    const { data } = await checks.create({ ...at, name: 'gate', head_sha: sha, status: 'in_progress', output })
    await checks.update({ ...at, check_run_id: data.id, conclusion: 'failure', output })
    expect((await octokit.checks.get({ ...at, check_run_id: data.id })).data.output.annotations_count).toBe(100)
    const page = await octokit.checks.listAnnotations({ ...at, check_run_id: data.id, per_page: 100 })
    expect(page.data).toHaveLength(100)
    const list = await octokit.checks.listForRef({ ...at, ref: 'main' })
    expect(list.data.check_runs[0]).toMatchObject({ name: 'gate', status: 'completed', conclusion: 'failure' })
    const many = { ...output, annotations: [...output.annotations, annotation] }
    expect(await status(checks.update({ ...at, check_run_id: data.id, output: many }))).toBe(422)
  })
})

describe('issues and comments', () => {
  it('pages with Link, oldest first', async () => {
    const { data: issue } = await octokit.issues.create({ ...at, title: 'Many', labels: ['drift'] })
    for (let index = 1; index <= 5; index++) {
      await octokit.issues.createComment({ ...at, issue_number: issue.number, body: `c${index}` })
    }
    const first = await octokit.issues.listComments({ ...at, issue_number: issue.number, per_page: 2 })
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/)
    const all = await octokit.paginate(octokit.issues.listComments, { ...at, issue_number: issue.number, per_page: 2 })
    expect(all.map(({ body }) => body)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    await octokit.issues.updateComment({ ...at, comment_id: all[0]!.id, body: 'new' })
    expect((await octokit.issues.getComment({ ...at, comment_id: all[0]!.id })).data.body).toBe('new')
    await octokit.issues.deleteComment({ ...at, comment_id: all[1]!.id })
    expect((await octokit.issues.get({ ...at, issue_number: issue.number })).data.comments).toBe(4)
    expect((await octokit.issues.listForRepo({ ...at, labels: 'drift' })).data).toHaveLength(1)
    await octokit.issues.update({ ...at, issue_number: issue.number, state: 'closed' })
    expect((await octokit.issues.listForRepo({ ...at, state: 'closed' })).data).toHaveLength(1)
    await octokit.issues.addLabels({ ...at, issue_number: issue.number, labels: ['x'] })
    await octokit.issues.removeLabel({ ...at, issue_number: issue.number, name: 'drift' })
    expect(
      (await octokit.issues.listLabelsOnIssue({ ...at, issue_number: issue.number })).data.map(({ name }) => name),
    ).toEqual(['x'])
    await octokit.issues.createLabel({ ...at, name: 'fresh' })
    expect(await status(octokit.issues.createLabel({ ...at, name: 'fresh' }))).toBe(422)
    expect((await octokit.issues.listLabelsForRepo(at)).data.map(({ name }) => name)).toContain('fresh')
  })

  it('refuses a body of more than 65,536 characters', async () => {
    const { data } = await octokit.issues.create({ ...at, title: 'Long', body: 'x'.repeat(65_536) })
    const comment = { ...at, issue_number: data.number, body: 'x'.repeat(65_537) }
    expect(await status(octokit.issues.createComment(comment))).toBe(422)
  })
})

describe('releases', () => {
  const upload = (url: string, name: string, data: string | Buffer) =>
    octokit.request({
      method: 'POST',
      url,
      name,
      data,
      headers: { 'content-type': 'application/octet-stream' },
    } as never)

  it('are invisible as drafts to readers and by tag, and make their tag when they are published', async () => {
    const draft = await octokit.repos.createRelease({ ...at, tag_name: 'tmp', name: 'One', draft: true })
    const { token } = await github.createUser('carl')
    const carl = connect(github.apiUrl, token)
    expect(await status(carl.repos.getRelease({ ...at, release_id: draft.data.id }))).toBe(404)
    expect((await carl.repos.listReleases(at)).data).toEqual([])
    expect((await octokit.repos.listReleases(at)).data).toHaveLength(1)
    await octokit.repos.updateRelease({ ...at, release_id: draft.data.id, tag_name: 'v1' })
    expect(await status(octokit.repos.getReleaseByTag({ ...at, tag: 'v1' }))).toBe(404)
    expect(await status(octokit.git.getRef({ ...at, ref: 'tags/v1' }))).toBe(404)
    await octokit.repos.updateRelease({ ...at, release_id: draft.data.id, draft: false })
    expect((await octokit.git.getRef({ ...at, ref: 'tags/v1' })).data.object.type).toBe('commit')
    expect((await carl.repos.getReleaseByTag({ ...at, tag: 'v1' })).data.name).toBe('One')
    expect(await status(octokit.repos.createRelease({ ...at, tag_name: 'v1' }))).toBe(422)
    expect((await octokit.repos.getLatestRelease(at)).data.tag_name).toBe('v1')
  })

  it('stream their assets, with a digest, ranges, and no name twice', async () => {
    const { data: release } = await octokit.repos.createRelease({ ...at, tag_name: 'v2' })
    const bytes = Buffer.alloc(3_000_000, 'abc')
    const asset = (await upload(release.upload_url, 'my model.onnx', bytes)).data as unknown as {
      id: number
      name: string
      digest: string
      size: number
    }
    expect(asset).toMatchObject({ name: 'my.model.onnx', size: bytes.length })
    expect(asset.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
    expect(await message(upload(release.upload_url, 'my model.onnx', 'x'))).toMatch('already_exists')
    const accept = { accept: 'application/octet-stream' }
    const whole = await octokit.repos.getReleaseAsset({ ...at, asset_id: asset.id, headers: accept })
    expect(Buffer.from(whole.data as unknown as ArrayBuffer).equals(bytes)).toBe(true)
    const url = `${github.apiUrl}/repos/acme/model/releases/assets/${asset.id}`
    const part = await fetch(url, { headers: { ...accept, range: 'bytes=1-3' } })
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      'bca',
      `bytes 1-3/${bytes.length}`,
    ])
    expect((await octokit.repos.listReleaseAssets({ ...at, release_id: release.id })).data).toHaveLength(1)
    await octokit.repos.updateReleaseAsset({ ...at, asset_id: asset.id, name: 'other' })
    // Nothing is sent: the length alone is refused, as is none at all.
    const lengths = [
      [{ 'content-length': 2 ** 31 }, 422],
      [{ 'transfer-encoding': 'chunked' }, 400],
    ] as const
    for (const [length, refused] of lengths) {
      const headers = { authorization: `Bearer ${(await github.createUser('ann')).token}`, ...length }
      const sent = request(`${release.upload_url.replace(/\{.*/, '')}?name=large`, { method: 'POST', headers })
      sent.on('error', () => {}).flushHeaders()
      const [{ statusCode }] = await once(sent, 'response')
      expect(statusCode).toBe(refused)
      sent.destroy()
    }
    await octokit.repos.deleteReleaseAsset({ ...at, asset_id: asset.id })
    expect((await octokit.repos.getRelease({ ...at, release_id: release.id })).data.assets).toEqual([])
    await octokit.repos.deleteRelease({ ...at, release_id: release.id })
    expect(await status(octokit.repos.getReleaseByTag({ ...at, tag: 'v2' }))).toBe(404)
  })
})

describe('deployments and environments', () => {
  it('have the defaults that bite', async () => {
    const plain = await push('deploy me', 'plain')
    await octokit.repos.createCommitStatus({ ...at, sha: plain, state: 'pending', context: 'slow' })
    expect(await status(octokit.repos.createDeployment({ ...at, ref: plain, auto_merge: false }))).toBe(409)
    const { data } = await octokit.repos.createDeployment({
      ...at,
      ref: plain,
      auto_merge: false,
      required_contexts: [],
      payload: { version: 1 } as never,
    })
    const made = data as { id: number; environment: string; production_environment: boolean; payload: unknown }
    expect(made).toMatchObject({ environment: 'production', production_environment: true, payload: { version: 1 } })
    expect((await octokit.repos.listDeployments({ ...at, environment: 'production' })).data).toHaveLength(1)
    expect((await octokit.repos.getDeployment({ ...at, deployment_id: made.id })).data.sha).toBe(plain)
  })

  it('make earlier successes inactive, but never those of production', async () => {
    const states = async (environment: string) => {
      const ids: number[] = []
      for (let index = 0; index < 2; index++) {
        const { data } = await octokit.repos.createDeployment({
          ...at,
          ref: 'main',
          environment,
          auto_merge: false,
          required_contexts: [],
        })
        ids.push((data as { id: number }).id)
        await octokit.repos.createDeploymentStatus({ ...at, deployment_id: ids.at(-1)!, state: 'success' })
      }
      return (await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: ids[0]! })).data.map(
        ({ state }) => state,
      )
    }
    expect(await states('staging')).toEqual(['inactive', 'success'])
    expect(await states('production')).toEqual(['success'])
  })

  it('keep reviewers and policies', async () => {
    const bob = (await octokit.users.getByUsername({ username: 'bob' })).data.id
    await octokit.repos.createOrUpdateEnvironment({
      ...at,
      environment_name: 'production',
      reviewers: [{ type: 'User', id: bob }],
      prevent_self_review: true,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    })
    await octokit.repos.createDeploymentBranchPolicy({ ...at, environment_name: 'production', name: 'main' })
    const { data } = await octokit.repos.getEnvironment({ ...at, environment_name: 'production' })
    expect(data.protection_rules?.map(({ type }) => type)).toEqual(['required_reviewers', 'branch_policy'])
    const names = async () => (await octokit.repos.getAllEnvironments(at)).data.environments?.map(({ name }) => name)
    expect(await names()).toContain('production')
    expect(
      await status((await fixture.as('bob')).repos.createOrUpdateEnvironment({ ...at, environment_name: 'x' })),
    ).toBe(403)
    expect(await status(octokit.repos.getEnvironment({ ...at, environment_name: 'none' }))).toBe(404)
    await octokit.repos.deleteAnEnvironment({ ...at, environment_name: 'production' })
    expect(await names()).not.toContain('production')
  })
})

it('shows a pull request and a commit as a diff, and as patches for git am', async () => {
  await fixture.git('fetch', '-q', 'origin')
  await fixture.git('checkout', '-q', '-b', 'as-a-diff', 'origin/main')
  await fixture.write('diff.txt', 'new\n')
  const sha = await fixture.push('Add a line', 'as-a-diff')
  const { number } = (await octokit.pulls.create({ ...at, title: 'Diff', head: 'as-a-diff', base: 'main' })).data
  const pull = { ...at, pull_number: number }
  const [diff, patch] = [
    await octokit.pulls.get({ ...pull, mediaType: { format: 'diff' } }),
    await octokit.pulls.get({ ...pull, mediaType: { format: 'patch' } }),
  ]
  expect(String(diff.data)).toContain('diff --git a/diff.txt b/diff.txt')
  expect(String(patch.data)).toContain('Subject: [PATCH] Add a line')
  const named = await octokit.repos.getCommit({ ...at, ref: 'as-a-diff', mediaType: { format: 'sha' } })
  expect(named.data).toBe(sha)
})
