import { describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const fixture = await createFixture()
const { octokit, owner, repo, push } = fixture
const at = { owner, repo }
const OCTETS = { 'content-type': 'application/octet-stream' }
const bob = await fixture.as('bob')

const message = (promise: Promise<unknown>) =>
  promise.then(
    () => '',
    (error: Error) => error.message.replace(/\s+/g, ' '),
  )

describe('a ruleset', () => {
  it('keeps tags from being made by those who are not on its bypass list', async () => {
    const sha = await push('one')
    const { data } = await octokit.repos.createRepoRuleset({
      ...at,
      name: 'versions',
      target: 'tag',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/tags/*@v*'], exclude: ['refs/tags/free@v*'] } },
      rules: [{ type: 'creation' }],
      bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    })
    const make = (who: typeof bob, tag: string) => message(who.git.createRef({ ...at, ref: `refs/tags/${tag}`, sha }))
    const refused = /Repository rule violations found\S* ?Cannot create ref due to creations being restricted\./
    expect(await make(bob, 'm@v1.0.0')).toMatch(refused)
    expect(await make(bob, 'm#production#1')).toBe('')
    expect(await make(bob, 'free@v1.0.0')).toBe('')
    expect(await make(octokit, 'm@v1.0.0')).toBe('')
    expect(await message(bob.repos.createRelease({ ...at, tag_name: 'm@v2.0.0' }))).toMatch(
      'creations being restricted',
    )
    expect(await message(bob.repos.deleteRepoRuleset({ ...at, ruleset_id: data.id }))).toMatch('Not Found')
    expect((await octokit.repos.getRepoRulesets(at)).data).toHaveLength(1)
    await octokit.repos.deleteRepoRuleset({ ...at, ruleset_id: data.id })
    expect(await make(bob, 'm@v2.0.0')).toBe('')
  })
})

describe('an immutable release', () => {
  it('keeps its tag and its files, from when it is published while the repository wants that', async () => {
    expect(await message(octokit.repos.checkImmutableReleases(at))).toMatch('Not Found')
    await octokit.repos.enableImmutableReleases(at)
    expect((await octokit.repos.checkImmutableReleases(at)).data).toEqual({ enabled: true, enforced_by_owner: false })
    const { data: draft } = await octokit.repos.createRelease({ ...at, tag_name: 'x@v1.0.0', draft: true })
    const upload = (name: string) =>
      octokit.request({ method: 'POST', url: draft.upload_url, name, data: 'bytes', headers: OCTETS })
    const { data: asset } = await upload('model.onnx')
    const change = { ...at, release_id: draft.id }
    expect((await octokit.repos.updateRelease({ ...change, draft: false })).data.immutable).toBe(true)
    expect(await message(upload('more.txt'))).toMatch('Cannot upload assets to an immutable release.')
    expect(await message(octokit.repos.deleteReleaseAsset({ ...at, asset_id: asset.id }))).toMatch('immutable release')
    expect(await message(octokit.repos.updateRelease({ ...change, draft: true }))).toMatch('state cannot be changed')
    expect(await message(octokit.git.deleteRef({ ...at, ref: 'tags/x@v1.0.0' }))).toMatch('rule violations')
    expect((await octokit.repos.updateRelease({ ...change, body: 'Edited' })).data.body).toBe('Edited')
    await octokit.repos.disableImmutableReleases(at)
    expect(await message(upload('more.txt'))).toMatch('Cannot upload assets to an immutable release.')
  })
})
