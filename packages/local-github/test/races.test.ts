import type { Octokit } from '@octokit/rest'
import { describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'
import { createProposals } from './proposals.ts'

// What there is once must be there once, too, when several ask for it at the same time.
const fixture = await createFixture()
const { octokit, owner, repo, write, push } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')
const { branch } = createProposals(octokit, at)

/** How several requests at once were answered, in the order of the statuses. */
async function together(times: number, ask: (index: number) => Promise<{ status: number }>): Promise<number[]> {
  const answer = (index: number) => ask(index).catch((error: { status: number }) => error)
  const answers = await Promise.all(Array.from({ length: times }, (_, index) => answer(index)))
  return answers.map(({ status }) => status).sort()
}

describe('three who ask for the same at once', () => {
  it('get one repository of a name', async () => {
    const asked = () => octokit.repos.createInOrg({ org: owner, name: 'twins' })
    expect(await together(3, asked)).toEqual([201, 422, 422])
    expect((await octokit.repos.get({ owner, repo: 'twins' })).data.name).toBe('twins')
  })

  it('get one pull request between two branches, and a number of its own', async () => {
    await branch('proposed')
    const ask = (index: number): Promise<{ status: number }> =>
      index === 3
        ? octokit.issues.create({ ...at, title: 'Beside' })
        : octokit.pulls.create({ ...at, head: 'proposed', base: 'main', title: 'One' })
    expect(await together(4, ask)).toEqual([201, 201, 422, 422])
    const { data } = await octokit.issues.listForRepo(at)
    expect(data.map(({ number }) => number).sort()).toEqual([1, 2])
  })

  it('get one release of a tag', async () => {
    const asked = () => octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    expect(await together(3, asked)).toEqual([201, 422, 422])
    expect((await octokit.repos.listReleases(at)).data).toHaveLength(1)
  })

  it('publish a draft once', async () => {
    await write(
      '.github/workflows/heard.yml',
      'on: { release: { types: [published] } }\njobs: { a: { if: false, runs-on: x } }\n',
    )
    await push('Hear')
    const { data: draft } = await octokit.repos.createRelease({ ...at, tag_name: 'v2', draft: true })
    const publish = () => octokit.repos.updateRelease({ ...at, release_id: draft.id, draft: false })
    expect(await together(3, publish)).toEqual([200, 200, 200])
    expect((await octokit.actions.listWorkflowRunsForRepo({ ...at, event: 'release' })).data.total_count).toBe(1)
  })

  it('get one fork', async () => {
    const asked = () => bob.repos.createFork(at)
    expect(await together(3, asked)).toEqual([202, 202, 202])
    expect((await octokit.repos.listForks(at)).data).toHaveLength(1)
  })

  it('give one name to one of two repositories', async () => {
    const rename = (who: Octokit, name: string) => who.repos.update({ owner, repo: name, name: 'wanted' })
    await octokit.repos.createInOrg({ org: owner, name: 'renamed' })
    const ask = (index: number): Promise<{ status: number }> =>
      index === 0 ? octokit.repos.createInOrg({ org: owner, name: 'wanted' }) : rename(octokit, 'renamed')
    expect((await together(2, ask)).at(-1)).toBe(422)
  })
})
