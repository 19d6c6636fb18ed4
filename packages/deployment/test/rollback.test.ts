import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at, findRelease, type GitHub } from '@modelyard/github'
import { assign, quarantine, readState, register, resolveVersion, timeline } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { describe, expect, it, vi } from 'vitest'
import { candidate, digest, inProduction } from '../../registry/test/support/candidate.ts'
import { callsToDieAfter, forEachCall } from '../../registry/test/support/kill.ts'
import { describeRepository, dyingAfter } from '../../registry/test/support/repository.ts'
import { deploy, planDeployment, planRollback, rollback, type WaitProof } from '../src/index.ts'
import {
  APPROVED,
  deployments,
  go,
  MODEL,
  modelWith,
  openRegistry,
  openScene,
  type Scene,
  served,
  servedBy,
} from './scene.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const IN_ROLLBACK: WaitProof = { proof: 'oidc', approvals: [] }

/** Production holds v1.0.1, and held v1.0.0 before. */
async function openLive(stages?: string): Promise<Scene> {
  const scene = await openScene(stages)
  await go(scene, 'v1.0.0')
  await go(scene, 'v1.0.1')
  return scene
}

async function back(
  { repository, model }: Scene,
  { github = repository.connect(), runId = '7', from }: { github?: GitHub; runId?: string; from?: string } = {},
) {
  const plan = await planRollback(github, { model, runId, from })
  return rollback(github, {
    model,
    plan,
    proof: IN_ROLLBACK,
    folder: join(model.folder, 'fetched', plan.version),
    run: { actor: 'rita', url: 'https://example.com/runs/7' },
    log: () => {},
    why: 'It answers in Celsius.',
    runId,
  })
}

const stateOf = ({ repository }: Scene) => readState(repository.connect(), MODEL)

describe('a rollback', () => {
  it('goes to the version that was there before, by a new event, and puts the bad one into quarantine', async () => {
    const scene = await openLive()
    const plan = await planRollback(scene.repository.connect(), { model: scene.model })
    expect(plan).toMatchObject({
      stage: 'production',
      version: 'v1.0.0',
      replaces: 'v1.0.1',
      waitsIn: 'production-rollback',
      title: 'flight-delay v1.0.1 → v1.0.0 in production (rollback)',
    })
    expect(await back(scene)).toEqual({
      tag: 'flight-delay#production#3',
      target: { kind: 'directory', observed: digest('one') },
      quarantine: 'flight-delay#quarantine#1',
    })
    expect(await served(scene)).toEqual(['v1.0.0', 'one'])
    const state = await stateOf(scene)
    expect(state.stages.production?.current).toBe('v1.0.0')
    expect(state.quarantined.map(({ version }) => version)).toEqual(['v1.0.1'])
    expect(timeline(state.stages.production!)).toMatchObject([
      {
        version: 'v1.0.0',
        until: null,
        actor: 'rita',
        reason: 'Rolled back from v1.0.1 by rita: It answers in Celsius.',
      },
      { version: 'v1.0.1', actor: 'ada' },
      { version: 'v1.0.0', actor: 'ada' },
    ])
    expect((await deployments(scene)).map((each) => (each as { states: string[] }).states.at(-1))).toEqual([
      'inactive',
      'inactive',
      'success',
    ])
  })

  it('leaves nothing that promotes the bad version again by itself', async () => {
    const scene = await openLive()
    await back(scene)
    const github = scene.repository.connect()
    expect(resolveVersion(await stateOf(scene), 'latest').version).toBe('v1.0.0')
    await expect(
      planDeployment(github, { model: scene.model, stage: 'production', version: 'v1.0.1' }),
    ).rejects.toThrow(
      /^flight-delay v1\.0\.1 is in quarantine since \d{4}-\d\d-\d\d, by rita \(«Rolled back from production: It answers in Celsius\.»\), so it goes nowhere\. .* modelyard quarantine --lift --name flight-delay --version v1\.0\.1 --reason "…"$/,
    )
    await quarantine(github, { model: MODEL, version: 'v1.0.1', lift: true, reason: 'Mended.', actor: 'ada' })
    expect((await stateOf(scene)).quarantined).toEqual([])
    await go(scene, 'v1.0.1')
    expect(await served(scene)).toEqual(['v1.0.1', 'two'])
  })

  it('has nothing to go back to: says so and writes nothing', async () => {
    const scene = await openScene()
    const before = await scene.repository.git('for-each-ref')
    await expect(back(scene)).rejects.toThrow(
      new UserError('production of flight-delay holds nothing, so there is nothing to roll back. Promote a version.'),
    )
    await go(scene, 'v1.0.0')
    const first = await scene.repository.git('for-each-ref')
    expect(first).not.toBe(before)
    await expect(back(scene)).rejects.toThrow(
      'There is no version of flight-delay to roll back to: production holds v1.0.0, and nothing else that was promoted there',
    )
    expect(await scene.repository.git('for-each-ref')).toBe(first)
  })

  it('does not go to a version that never was healthy there', async () => {
    const scene = await openLive()
    const github = scene.repository.connect()
    const { data } = await github.octokit.rest.repos.listDeployments({ ...at(github), environment: 'production' })
    const first = Math.min(...data.map(({ id }) => id))
    await github.octokit.rest.repos.createDeploymentStatus({ ...at(github), deployment_id: first, state: 'failure' })
    await expect(back(scene)).rejects.toThrow(/^There is no version of flight-delay to roll back to/)
  })

  it('is the same when its run is repeated, and does not take away what came since', async () => {
    const scene = await openLive()
    const done = await back(scene)
    const refs = await scene.repository.git('for-each-ref')
    expect(await back(scene)).toEqual(done)
    expect(await back(scene, { from: 'v1.0.1', runId: '8' }).catch((error: Error) => error.message)).toBe(
      'production of flight-delay holds v1.0.0 now, not v1.0.1: nothing was changed. Start the rollback again if v1.0.0 is to go.',
    )
    // A second click, by somebody who does not know of the first.
    expect(await back(scene, { runId: '9' }).catch((error: Error) => error.message)).toBe(
      'production of flight-delay is v1.0.0 since rita rolled it back (flight-delay#production#3), so nothing was changed. To go back further, say what is to be left: from v1.0.0 (--from v1.0.0; in a workflow "from: v1.0.0").',
    )
    expect(await scene.repository.git('for-each-ref')).toBe(refs)
    await quarantine(scene.repository.connect(), {
      ...{ model: MODEL, version: 'v1.0.1', lift: true, reason: 'Mended.', actor: 'ada' },
    })
    await go(scene, 'v1.0.1')
    await expect(back(scene)).rejects.toThrow(
      'This run rolled production of flight-delay back already (flight-delay#production#3), and v1.0.1 is there since',
    )
  })

  it('ends a promotion that was waiting: what was approved is not what would happen now', async () => {
    const scene = await openLive()
    const github = scene.repository.connect()
    await register(
      github,
      candidate('three', { ...scene.repository, expect: { champion: 'v1.0.1', today: inProduction } }),
    )
    const staged = { model: MODEL, stage: 'staging', version: 'v1.0.2', actor: 'ada', reason: 'Try it.' }
    await assign(github, { ...staged, expect: { current: 'v1.0.1' } })
    const plan = await planDeployment(github, { model: scene.model, stage: 'production', version: 'v1.0.2' })
    await back(scene)
    const approved = deploy(github, {
      ...{ model: scene.model, plan, proof: APPROVED, folder: scene.model.folder },
      ...{ run: { actor: 'ada', url: null }, log: () => {} },
    })
    await expect(approved).rejects.toThrow(
      'production of flight-delay holds v1.0.0 now, but the move to v1.0.2 was planned when it held v1.0.1: run the workflow again.',
    )
    expect(await served(scene)).toEqual(['v1.0.0', 'one'])
  })

  it('fails where the target dies half-way or lies, and does it when it is mended and run again', async () => {
    const scene = await openLive()
    const command = (program: string) => modelWith(scene.repository, servedBy(program))
    for (const [program, sentence] of [
      ['exit 9', /ended with exit code 9 when asked to deploy\. production keeps v1\.0\.1\.$/],
      [`echo '{"ok": true, "sha256": "${digest('two')}"}'`, /took flight-delay v1\.0\.0 and then showed/],
      [
        `echo '{"ok": true, "sha256": "${digest('one')}", "healthy": false, "message": "out of memory"}'`,
        /serves flight-delay v1\.0\.0 and is not well: out of memory\. production keeps v1\.0\.1\.$/,
      ],
    ] as const) {
      scene.model = await command(program)
      await expect(back(scene)).rejects.toThrow(sentence)
      const state = await stateOf(scene)
      expect(state.stages.production?.current).toBe('v1.0.1')
      expect(state.quarantined.map(({ version }) => version)).toEqual(['v1.0.1'])
    }
    scene.model = await command(`echo '{"ok": true, "sha256": "${digest('one')}"}'`)
    expect((await back(scene)).tag).toBe('flight-delay#production#3')
  })

  it('does not blame what the stage holds for what the target serves', async () => {
    const scene = await openLive()
    const program = `grep -q deploy && exit 9; echo '{"ok": true, "sha256": "${'9'.repeat(64)}"}'`
    scene.model = await modelWith(scene.repository, servedBy(program))
    const before = await scene.repository.git('for-each-ref')
    await expect(back(scene)).rejects.toThrow(
      /^The command of production serves 999999999999, not v1\.0\.1 \([0-9a-f]{12}\), which production holds: v1\.0\.1 is not what is wrong, so nothing was changed\. Promote v1\.0\.1 to production once more/,
    )
    expect(await scene.repository.git('for-each-ref')).toBe(before)
  })

  it('goes to the one before where the release of the last was deleted', async () => {
    const scene = await openLive()
    const github = scene.repository.connect()
    await register(
      github,
      candidate('three', { ...scene.repository, expect: { champion: 'v1.0.1', today: inProduction } }),
    )
    const staged = { model: MODEL, stage: 'staging', version: 'v1.0.2', actor: 'ada', reason: 'Try it.' }
    await assign(github, { ...staged, expect: { current: 'v1.0.1' } })
    await go(scene, 'v1.0.2')
    const release = await findRelease(github, 'flight-delay@v1.0.1')
    await github.octokit.rest.repos.deleteRelease({ ...at(github), release_id: release!.id })
    const plan = await planRollback(github, { model: scene.model })
    expect([plan.replaces, plan.version, plan.elsewhere]).toEqual(['v1.0.2', 'v1.0.0', ['staging']])
  })

  it('deploys although the target says that it serves the version already', async () => {
    const log = 'asked.log'
    const program = `tee -a ${log} | grep -q deploy; echo '{"ok": true, "sha256": "${digest('one')}"}'`
    const scene = await openLive()
    scene.model = await modelWith(scene.repository, servedBy(program))
    await rm(join(scene.model.folder, log), { force: true })
    await back(scene)
    const asked = (await readFile(join(scene.model.folder, log), 'utf8')).trim().split('\n')
    expect(asked.map((line) => JSON.parse(line).verb)).toEqual(['status', 'deploy', 'status'])
  })
})

describe('killed after any answer and run again', () => {
  it('a rollback ends the same and leaves nothing else behind', async () => {
    const program = `case "$(cat)" in *'"deploy"'*) printf ${digest('one')} > served;; esac
      echo "{\\"ok\\": true, \\"sha256\\": \\"$(cat served)\\"}"`
    const stages = `{ production: { environment: production, target: { command: ${JSON.stringify(program)} } } }`
    const open = async () => {
      const scene = await openRegistry(stages)
      const github = scene.repository.connect()
      const first = { model: MODEL, stage: 'production', version: 'v1.0.0', actor: 'ada', reason: 'It is the first.' }
      await assign(github, { ...first, expect: { current: null } })
      await writeFile(join(scene.model.folder, 'served'), digest('two'))
      await go(scene, 'v1.0.1')
      return scene
    }
    const look = async (scene: Scene) => ({
      repository: await describeRepository(scene.repository, MODEL),
      deployments: await deployments(scene),
    })
    const undisturbed = await open()
    const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed.repository, (github) =>
      back(undisturbed, { github }),
    )
    const end = await look(undisturbed)
    const calls = callsToDieAfter(process)
    await forEachCall(calls, async (call) => {
      const scene = await open()
      const { outcome } = await dyingAfter(call, scene.repository, (github) => back(scene, { github }))
      expect(outcome).toBe('dead')
      await back(scene)
      expect(await look(scene), `killed after call ${call}, ${process.answered[call - 1]}`).toEqual(end)
    })
    console.log(
      `rollback: killed after ${calls.length} of its ${process.answered.length} API calls and run again, ${calls.length} equal ends`,
    )
  })
})
