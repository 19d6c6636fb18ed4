import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadArtifact, listArtifacts } from '@modelyard/github'
import {
  git,
  openPullRequest,
  openWorld,
  recordOf,
  toyModel,
  type World,
  waitForRun,
  writeModel,
} from '@modelyard/scenarios'
import { type Kind, readRecord, recordDigest, type Statement } from '@modelyard/spec'
import { findModels, validateData } from '@modelyard/steps'
import { expect, it } from 'vitest'
import { runCommandLine } from '../src/command-line.ts'

it('leaves the records that the actions leave, by digest, on the same checkout, and replays theirs', {
  timeout: 120_000,
}, async () => {
  const world = await openWorld({ workflows: ['pull-request.yml', 'release.yml'] })
  try {
    await writeModel(join(world.clone, 'models/left'), toyModel('left'))
    const sha = await world.push('Begin')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
    await writeFile(join(world.clone, 'models/left/candidate.txt'), 'better')
    const pull = await openPullRequest(world, 'left')
    const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })

    const checkout = join(world.folder, 'laptop')
    await git(world.folder, 'clone', '--quiet', world.bare, checkout)
    await git(checkout, 'fetch', '--quiet', 'origin', `refs/pull/${pull.number}/merge`)
    await git(checkout, 'checkout', '--quiet', 'FETCH_HEAD')
    const said = async (...args: string[]) => {
      let out = ''
      const code = await runCommandLine([...args, '--model', 'models/left/model.yaml', '--json'], {
        stdout: { write: (text) => (out += text) },
        stderr: { write: () => {} },
        env: { GITHUB_TOKEN: world.ada.token, GITHUB_REPOSITORY: world.repository, GITHUB_API_URL: world.local.apiUrl },
        cwd: () => checkout,
      })
      expect(code).toBe(0)
      return out
    }
    const command = async (kind: Kind, ...args: string[]) =>
      recordDigest(readRecord(await said(...args), kind) as Statement)
    const action = async (kind: Kind) => recordDigest((await recordOf(world.ada, run, kind, 'left')) as Statement)

    expect(await command('validation', 'validate')).toBe(await action('validation'))
    for (const index of [1, 2, 3]) expect(await said('validate', '--shard', `${index}/3`)).toBe('')
    expect(await command('validation', 'validate', '--merge')).toBe(await action('validation'))
    expect(recordDigest((await validateHere(world, checkout)) as Statement)).toBe(await action('validation'))
    expect(await command('training', 'train')).toBe(await action('training'))
    expect(await command('gate', 'evaluate')).toBe(await action('gate'))

    const downloads = join(world.folder, 'downloads')
    for (const { id, name } of await listArtifacts(world.ada.github, { runId: run.id }))
      await downloadArtifact(world.ada.github, { artifactId: id, folder: join(downloads, name) })
    let replayed = ''
    const champion = join(checkout, '.modelyard/left/champion/v1.0.0')
    const gate = join(downloads, 'modelyard-gate-left/gate.json')
    const code = await runCommandLine(['replay', gate, '--champion', champion], {
      stdout: { write: (text) => (replayed += text) },
      stderr: { write: () => {} },
      env: {},
      cwd: () => checkout,
    })
    expect(replayed).toContain(`Digest of the replay: ${await action('gate')}`)
    expect(code).toBe(0)
  } finally {
    await world.close()
  }
})

/** What a program does that has neither the action nor the command: it calls the library. */
async function validateHere({ ada, repository }: World, root: string) {
  const [model] = await findModels(root, 'models/left/model.yaml')
  const log = { info: () => {}, warn: () => {}, group: <T>(_: string, work: () => Promise<T>) => work() }
  const store = { publish: async () => {}, collect: async () => [] }
  return validateData({ root, log, store, run: { repository }, github: ada.github }, model!)
}
