import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundle } from '../src/bundle.ts'
import { releaseTo } from '../src/index.ts'
import { makeCommits } from '../src/release/commits.ts'
import { git } from '../src/release/git.ts'
import { planRelease } from '../src/release/plan.ts'
import { pushRelease } from '../src/release/push.ts'

/** A remote, and a clone of it with a commit on main. */
let folder: string
let remote: string
let clone: string

const gitIn = (where: string, ...args: string[]) => git(where, args)
const people = ['-c', 'user.name=Ada', '-c', 'user.email=ada@modelyard.example']

beforeAll(() => bundle(), 120_000)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-release-test-'))
  remote = join(folder, 'remote.git')
  clone = join(folder, 'clone')
  await gitIn(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  await gitIn(folder, 'init', '--quiet', '--initial-branch=main', clone)
  await gitIn(clone, 'remote', 'add', 'origin', remote)
  await commit('Add a first thing')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function commit(message: string): Promise<string> {
  await gitIn(clone, ...people, 'commit', '--quiet', '--allow-empty', '--message', message)
  return gitIn(clone, 'rev-parse', 'HEAD')
}

/** What the task does up to the push; `meanwhile` happens between decision and push. */
async function release(choice = 'auto', meanwhile = async () => {}) {
  const plan = await planRelease(clone, { url: 'origin' }, choice)
  const made = await makeCommits(clone, plan.version, plan.origin)
  await meanwhile()
  await pushRelease(clone, { url: 'origin' }, made, plan.releases)
  return { ...plan, ...made }
}

const refs = () => gitIn(remote, 'for-each-ref', '--format=%(refname) %(objectname) %(*objectname)')

describe('a release', { timeout: 60_000 }, () => {
  it('is two commits off the commit that is released, made the same each time', async () => {
    const { version, origin, actions, commit: second, tag } = await release()
    expect(version).toBe('v1.0.0')
    expect(await gitIn(remote, 'rev-list', '--parents', '-n1', second)).toBe(`${second} ${actions}`)
    expect(await gitIn(remote, 'rev-list', '--parents', '-n1', actions)).toBe(`${actions} ${origin.sha}`)
    expect(await makeCommits(clone, version, origin)).toEqual({ version, actions, commit: second, tag })
    expect(await refs()).toBe(`refs/tags/v1 ${second} \nrefs/tags/v1.0.0 ${tag} ${second}`)
  })

  it('keeps composites out of the first commit, and pins them in the second', async () => {
    const { actions } = await release()
    await expect(gitIn(remote, 'show', 'v1~1:actions/pipeline/action.yml')).rejects.toThrow(
      /exists? .*not in|does not exist/,
    )
    expect(await gitIn(remote, 'show', 'v1:actions/pipeline/action.yml')).toContain(
      `uses: modelyard/modelyard/actions/train@${actions} # v1.0.0`,
    )
  })
  it('that is made again changes nothing, under whatever choice', async () => {
    await release()
    const before = await refs()
    for (const choice of ['auto', 'minor', '1.0.0', 'v1.0.0']) expect((await release(choice)).version).toBe('v1.0.0')
    expect(await refs()).toBe(before)
  })

  it('moves the moving tag forward only: an older release that is run again leaves it', async () => {
    await release()
    await commit('Mend a thing')
    const { commit: newest } = await release()
    await gitIn(clone, 'checkout', '--quiet', 'HEAD~1')
    expect((await release()).version).toBe('v1.0.0')
    expect(await gitIn(remote, 'rev-parse', 'v1')).toBe(newest)
  })

  it('tells what changed since the release before', async () => {
    await release()
    await commit('Mend a thing')
    await commit('Write about it')
    const { version, previous, changes } = await release()
    expect({ version, previous, subjects: changes.map(({ subject }) => subject) }).toEqual({
      version: 'v1.0.1',
      previous: 'v1.0.0',
      subjects: ['Write about it', 'Mend a thing'],
    })
  })

  it('sets again a moving tag that was deleted', async () => {
    const { commit: second } = await release()
    await gitIn(remote, 'tag', '--delete', 'v1')
    await release()
    expect(await gitIn(remote, 'rev-parse', 'v1')).toBe(second)
  })
})

describe('a release is refused in one sentence', { timeout: 60_000 }, () => {
  it('where the version was released from another commit', async () => {
    await release()
    await commit('Add another')
    await expect(release('1.0.0')).rejects.toThrow(
      /^v1\.0\.0 was released already, from \w{10}, and this is \w{10}: release it under a higher version\.$/,
    )
  })

  it('where the version was released with other content', async () => {
    await release('1.0.0', async () => {})
    await expect(releaseTo({ remote, version: 'v1.0.0' })).rejects.toThrow(
      /^v1\.0\.0 was released already with other content \(\w{10}; this would be \w{10}\): release under a higher version\.$/,
    )
  })

  it('where the version is lower than the newest', async () => {
    await release('2.1.0')
    await commit('Add another')
    await expect(release('2.0.9')).rejects.toThrow(
      /^v2\.0\.9 is lower than the newest release, v2\.1\.0: name a higher version, or auto\.$/,
    )
  })

  it('where the clone has changes', async () => {
    await writeFile(join(clone, 'new.txt'), '')
    await expect(release()).rejects.toThrow(/^new\.txt is not as it was committed: .* commit or undo your changes\.$/)
  })

  it('where the clone lacks its history', async () => {
    await commit('Add another')
    await gitIn(clone, 'push', '--quiet', 'origin', 'main')
    await gitIn(folder, 'clone', '--quiet', '--depth=1', `file://${remote}`, 'shallow')
    const plan = planRelease(join(folder, 'shallow'), { url: 'origin' }, 'auto')
    await expect(plan).rejects.toThrow(/^This clone lacks its history, .* fetch it with depth 0\.$/)
  })

  it('where somebody moved the tag of a version', async () => {
    const { origin } = await release()
    await gitIn(remote, 'tag', '--force', 'v1.0.0', origin.sha)
    await expect(release()).rejects.toThrow(
      /^The tag v1\.0\.0 names \w{10}, which was not released as v1\.0\.0: somebody moved it\. .* run this again\.$/,
    )
  })

  it('where somebody moved the moving tag', async () => {
    const { origin } = await release()
    await gitIn(remote, 'update-ref', 'refs/tags/v1', origin.sha)
    await expect(release()).rejects.toThrow(
      /^The tag v1 names \w{10}, which is no release of v1: somebody moved it\. Delete it, and run this again/,
    )
  })

  it('where another one was made meanwhile; exactly one wins, whole', async () => {
    await release()
    await commit('Add another')
    let other = ''
    const meanwhile = async () => {
      other = (await releaseTo({ remote, version: 'v1.1.0' })).commit
    }
    await expect(release('auto', meanwhile)).rejects.toThrow(
      /^Another release was made at the same time as v1\.1\.0: nothing of this one was published\. Run it again\.$/,
    )
    expect(await gitIn(remote, 'rev-parse', 'v1.1.0^{commit}', 'v1')).toBe(`${other}\n${other}`)
  })
})
