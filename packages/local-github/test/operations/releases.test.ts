import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal, uploadAsset } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, write, push, git } = fixture
const at = { owner, repo }
const { repos } = octokit
const bob = await fixture.as('bob')
const eve = await fixture.as('eve')

describe('a release', () => {
  it('is made as a draft, filled, published, edited and deleted', async () => {
    const { data: draft } = await repos.createRelease({ ...at, tag_name: 'v1.0.0', name: 'One', draft: true })
    expect(draft).toMatchObject({ draft: true, published_at: null, target_commitish: 'main', author: { login: 'ann' } })
    expect((await repos.listReleases(at)).data.map(({ id }) => id)).toEqual([draft.id])
    expect((await eve.repos.listReleases(at)).data).toEqual([])
    await uploadAsset(octokit, draft.upload_url, 'model.onnx', 'bytes')
    const release_id = draft.id
    const { data: live } = await repos.updateRelease({ ...at, release_id, draft: false, body: 'First' })
    expect(live).toMatchObject({ draft: false, body: 'First', assets: [{ name: 'model.onnx', state: 'uploaded' }] })
    expect(await git('ls-remote', '--tags', 'origin', 'v1.0.0')).toMatch('refs/tags/v1.0.0')
    expect((await eve.repos.getReleaseByTag({ ...at, tag: 'v1.0.0' })).data.id).toBe(release_id)
    expect((await eve.repos.getLatestRelease(at)).data.id).toBe(release_id)
    expect((await eve.repos.getRelease({ ...at, release_id })).data.name).toBe('One')
    await bob.repos.deleteRelease({ ...at, release_id })
    expect(await refusal(repos.getRelease({ ...at, release_id }))).toMatchObject({ status: 404 })
    expect(await git('ls-remote', '--tags', 'origin', 'v1.0.0')).toMatch('refs/tags/v1.0.0')
  })

  it('moves with its tag’s name, and goes back to a draft', async () => {
    const { data } = await repos.createRelease({ ...at, tag_name: 'v1.1.0', prerelease: true })
    const release_id = data.id
    const { data: renamed } = await repos.updateRelease({ ...at, release_id, tag_name: 'v1.1.1', prerelease: false })
    expect(renamed).toMatchObject({ tag_name: 'v1.1.1', prerelease: false })
    expect(await git('ls-remote', '--tags', 'origin', 'v1.1.1')).toMatch('v1.1.1')
    await repos.updateRelease({ ...at, release_id, draft: true })
    expect(await refusal(repos.getReleaseByTag({ ...at, tag: 'v1.1.1' }))).toMatchObject({ status: 404 })
    await repos.deleteRelease({ ...at, release_id })
  })

  it('is reacted to', async () => {
    const { data } = await repos.createRelease({ ...at, tag_name: 'liked' })
    const release = { ...at, release_id: data.id }
    const { data: reaction } = await eve.reactions.createForRelease({ ...release, content: 'rocket' })
    expect(reaction).toMatchObject({ content: 'rocket', user: { login: 'eve' } })
    expect((await repos.getRelease(release)).data.reactions).toMatchObject({ total_count: 1, rocket: 1 })
    expect((await octokit.reactions.listForRelease(release)).data).toHaveLength(1)
    await eve.reactions.deleteForRelease({ ...release, reaction_id: reaction.id })
    expect((await octokit.reactions.listForRelease(release)).data).toEqual([])
  })

  it('is refused as GitHub refuses it', async () => {
    const bad = (body: object) => refusal(repos.createRelease({ ...at, tag_name: 'bad', ...body }))
    const field = (code: string, name: string) => ({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ resource: 'Release', code, field: name }] },
    })
    expect(await bad({ tag_name: 'a..b' })).toMatchObject(field('custom', 'tag_name'))
    expect(await bad({ target_commitish: 'nowhere' })).toMatchObject(field('invalid', 'target_commitish'))
    expect(await bad({ tag_name: 'liked' })).toMatchObject(field('already_exists', 'tag_name'))
    expect(await refusal(eve.repos.createRelease({ ...at, tag_name: 'eve' }))).toMatchObject({ status: 403 })
    expect(await git('ls-remote', '--tags', 'origin', 'bad')).toBe('')
  })
})

describe('assets', () => {
  it('are listed, renamed, labelled and deleted', async () => {
    const { data: release } = await repos.createRelease({ ...at, tag_name: 'assets' })
    const { data: asset } = await uploadAsset(octokit, release.upload_url, 'a b.txt', 'text')
    const one = { ...at, asset_id: asset.id }
    expect((await repos.updateReleaseAsset({ ...one, name: '../c.txt', label: 'C' })).data).toMatchObject({
      name: 'default.c.txt',
      label: 'C',
    })
    expect((await repos.getReleaseAsset(one)).data.browser_download_url).toMatch(
      /releases\/download\/assets\/default.c.txt$/,
    )
    const { data } = await repos.listReleaseAssets({ ...at, release_id: release.id })
    expect(data.map(({ id }) => id)).toEqual([asset.id])
    await repos.deleteReleaseAsset(one)
    expect(await refusal(repos.getReleaseAsset(one))).toMatchObject({ status: 404 })
  })
})

describe('generated notes', () => {
  it('name what was merged since the tag before, by category, and who is new', async () => {
    const merge = async (branch: string, title: string, label: string, who = octokit) => {
      await git('checkout', '-q', '-B', branch, 'origin/main')
      await write(`${branch}.txt`, title)
      await push(title, branch)
      const { data } = await who.pulls.create({ ...at, title, head: branch, base: 'main' })
      await octokit.issues.addLabels({ ...at, issue_number: data.number, labels: [label] })
      await octokit.pulls.merge({ ...at, pull_number: data.number })
      await git('fetch', '-q', 'origin')
      return data.number
    }
    const first = await merge('data', 'Take fresh data', 'enhancement')
    const plain = await repos.generateReleaseNotes({ ...at, tag_name: 'm1', target_commitish: 'main' })
    expect(plain.data.name).toBe('m1')
    expect(plain.data.body).toMatch(`* Take fresh data by @ann in ${github.url}/acme/model/pull/${first}`)
    await repos.createRelease({ ...at, tag_name: 'm1', generate_release_notes: true, body: 'Before.' })
    const second = await merge('fix', 'Mend the split', 'bug', bob)
    await git('checkout', '-q', '-B', 'main', 'origin/main')
    const categories = [
      { title: 'Mended', labels: ['bug'] },
      { title: 'Rest', labels: ['*'] },
    ]
    await write('.github/release.yml', JSON.stringify({ changelog: { categories } }))
    await push('Categories')
    const { data } = await repos.generateReleaseNotes({ ...at, tag_name: 'm2', previous_tag_name: 'm1' })
    const html = `${github.url}/acme/model`
    expect(data.body).toBe(
      [
        '<!-- Release notes generated using configuration in .github/release.yml at main -->',
        `## What's Changed\n### Mended\n* Mend the split by @bob in ${html}/pull/${second}`,
        `## New Contributors\n* @bob made their first contribution in ${html}/pull/${second}`,
        `**Full Changelog**: ${html}/compare/m1...m2`,
      ].join('\n\n'),
    )
    expect((await repos.getReleaseByTag({ ...at, tag: 'm1' })).data.body).toMatch(/^Before\.\n\n## What's Changed/)
    const wrong = await refusal(repos.generateReleaseNotes({ ...at, tag_name: 'm2', previous_tag_name: 'none' }))
    expect(wrong).toMatchObject({ status: 400, body: { message: 'Invalid previous_tag parameter' } })
  })
})

describe('immutable releases', () => {
  it('are wanted by the repository, for those to come', async () => {
    expect(await refusal(repos.checkImmutableReleases(at))).toMatchObject({ status: 404 })
    await repos.enableImmutableReleases(at)
    expect((await repos.checkImmutableReleases(at)).data).toEqual({ enabled: true, enforced_by_owner: false })
    const { data } = await repos.createRelease({ ...at, tag_name: 'kept' })
    expect(data.immutable).toBe(true)
    await repos.disableImmutableReleases(at)
    expect((await repos.createRelease({ ...at, tag_name: 'free' })).data.immutable).toBe(false)
    const refused = await refusal(uploadAsset(octokit, data.upload_url, 'x', 'x'))
    expect(refused).toMatchObject({ status: 422, body: { message: 'Cannot upload assets to an immutable release.' } })
  })
})

it('an upload that nobody has the right to ends before its bytes are read', async () => {
  const { data } = await repos.createRelease({ ...at, tag_name: 'closed' })
  const headers = { authorization: `Bearer ${(await github.createUser('eve')).token}`, 'content-length': 5 }
  const sent = request(`${data.upload_url.replace(/\{.*/, '')}?name=x`, { method: 'POST', headers })
  sent.on('error', () => {}).flushHeaders()
  const [{ statusCode }] = await once(sent, 'response')
  expect(statusCode).toBe(403)
  sent.destroy()
})
