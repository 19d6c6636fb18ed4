import { describe, expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, github } = fixture
const at = { owner, repo }
const api = octokit.git
const head = await git('rev-parse', 'HEAD')
const file = { mode: '100644', type: 'blob' } as const

const refused = async (call: Promise<unknown>) => {
  const { status, body } = await refusal(call)
  return [status, (body as { message: string }).message]
}

describe('git objects', () => {
  it('are written and read by their true ids', async () => {
    const { data: blob } = await api.createBlob({ ...at, content: 'aGVsbG8K', encoding: 'base64' })
    expect(blob.sha).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
    expect((await api.getBlob({ ...at, file_sha: blob.sha })).data).toMatchObject({ size: 6, encoding: 'base64' })
    const { data: tree } = await api.createTree({
      ...at,
      base_tree: head,
      tree: [
        { ...file, path: 'a/hello.txt', sha: blob.sha },
        { ...file, path: 'b.txt', content: 'b' },
        { ...file, path: 'README.md', sha: null },
      ],
    })
    expect(tree.tree.map(({ path, type }) => `${type} ${path}`)).toEqual(['tree a', 'blob b.txt'])
    const deep = await api.getTree({ ...at, tree_sha: tree.sha, recursive: '1' })
    expect(deep.data.tree.map(({ path }) => path)).toEqual(['a', 'a/hello.txt', 'b.txt'])
    const author = { name: 'Eve', email: 'eve@example.com', date: '2026-01-02T03:04:05Z' }
    const { data: commit } = await api.createCommit({ ...at, message: 'Made', tree: tree.sha, parents: [head], author })
    expect(commit).toMatchObject({ author, committer: author, verification: { verified: false, reason: 'unsigned' } })
    const { data: read } = await api.getCommit({ ...at, commit_sha: commit.sha })
    expect(read).toMatchObject({ message: 'Made', tree: { sha: tree.sha }, parents: [{ sha: head }] })
    const tagger = { name: 'Eve', email: 'eve@example.com', date: '2026-01-02T03:04:05Z' }
    const { data: tag } = await api.createTag({
      ...at,
      tag: 'm@v1',
      message: 'One',
      object: commit.sha,
      type: 'commit',
      tagger,
    })
    const { data } = await api.getTag({ ...at, tag_sha: tag.sha })
    expect(data).toMatchObject({ tag: 'm@v1', message: 'One', tagger, object: { sha: commit.sha, type: 'commit' } })
    await git('fetch', '-q', 'origin')
  })

  it('are refused where they are none: paths out of the tree, halves of ids, times in words', async () => {
    for (const path of ['../x', 'a/../b', '/x', '.git/config', 'a/.GIT/x', 'a//b', '']) {
      const call = api.createTree({ ...at, tree: [{ ...file, path, content: 'x' }] })
      expect(await refused(call)).toEqual([422, 'tree.path contains a malformed path component'])
    }
    const gone = api.createTree({ ...at, base_tree: head, tree: [{ ...file, path: 'none.txt', sha: null }] })
    expect(await refused(gone)).toEqual([422, 'GitRPC::BadObjectState'])
    const half = { ...at, message: 'x', tree: head.slice(0, 10) }
    expect(await refused(api.createCommit(half))).toEqual([422, 'Tree SHA does not exist'])
    const tree = (await api.getCommit({ ...at, commit_sha: head })).data.tree.sha
    const yesterday = { name: 'a', email: 'a@b.c', date: 'yesterday' }
    expect((await refused(api.createCommit({ ...at, message: 'x', tree, author: yesterday })))[0]).toBe(422)
    expect((await refused(api.createCommit({ ...at, message: 'a\0b', tree })))[0]).toBe(422)
    expect((await refused(api.createCommit({ ...at, message: 'x', tree, parents: [tree] })))[1]).toMatch('Parent SHA')
    const blob = api.getBlob({ ...at, file_sha: 'main:README.md' })
    expect(await refused(blob)).toEqual([
      422,
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
    ])
    expect((await refused(api.getCommit({ ...at, commit_sha: 'main' })))[0]).toBe(404)
    expect((await refused(api.getTree({ ...at, tree_sha: '--help' })))[0]).toBe(404)
    const name = { ...at, tag: 'a b', message: 'x', object: head, type: 'commit' } as const
    expect((await refused(api.createTag(name)))[0]).toBe(422)
  })
})

describe('refs', () => {
  it('are made, moved forward, found by their beginnings, and deleted', async () => {
    await api.createRef({ ...at, ref: 'refs/heads/feature-a', sha: head })
    await api.createRef({ ...at, ref: 'refs/heads/feature-b', sha: head })
    const tree = (await api.getCommit({ ...at, commit_sha: head })).data.tree.sha
    const { data: next } = await api.createCommit({ ...at, message: 'Next', tree, parents: [head] })
    const moved = await api.updateRef({ ...at, ref: 'heads/feature-a', sha: next.sha })
    expect(moved.data.object).toMatchObject({ sha: next.sha, type: 'commit' })
    const matching = await api.listMatchingRefs({ ...at, ref: 'heads/feature-' })
    expect(matching.data.map(({ ref }) => ref)).toEqual(['refs/heads/feature-a', 'refs/heads/feature-b'])
    expect((await refused(api.getRef({ ...at, ref: 'heads/feature' })))[0]).toBe(404)
    const back = { ...at, ref: 'heads/feature-a', sha: head }
    expect(await refused(api.updateRef(back))).toEqual([422, 'Update is not a fast forward'])
    expect((await api.updateRef({ ...back, force: true })).data.object.sha).toBe(head)
    await api.deleteRef({ ...at, ref: 'heads/feature-a' })
    expect(await refused(api.deleteRef({ ...at, ref: 'heads/feature-a' }))).toEqual([422, 'Reference does not exist'])
  })

  it('keep to git’s names, and to those of the server', async () => {
    for (const ref of [
      'main',
      'refs/main',
      'refs/heads/a..b',
      'refs/heads/-\n',
      'refs/heads/a\0b',
      'refs/heads/x.lock',
    ])
      expect((await refused(api.createRef({ ...at, ref, sha: head })))[0], ref).toBe(422)
    expect((await refused(api.createRef({ ...at, ref: 'refs/pull/9/head', sha: head })))[0]).toBe(422)
    const { data: blob } = await api.createBlob({ ...at, content: 'x' })
    const toBlob = { ...at, ref: 'refs/heads/blob', sha: blob.sha }
    expect(await refused(api.createRef(toBlob))).toEqual([422, 'Object is not a commit'])
    const empty = await github.createRepository('acme/empty', { owner: 'ann' })
    expect(empty.fullName).toBe('acme/empty')
    const call = api.createBlob({ owner, repo: 'empty', content: 'x' })
    expect(await refused(call)).toEqual([409, 'Git Repository is empty.'])
  })

  it('are a job’s with its permission alone', async () => {
    const reader = connect(github.apiUrl, github.createJobToken('acme/model', { contents: 'read' }))
    const call = reader.git.createRef({ ...at, ref: 'refs/heads/job', sha: head })
    expect(await refused(call)).toEqual([403, 'Resource not accessible by integration'])
  })
})
