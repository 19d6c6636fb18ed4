import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readState, register } from '@modelyard/registry'
import { UserError } from '@modelyard/spec'
import { describe, expect, it, vi } from 'vitest'
import { candidate, digest } from '../../registry/test/support/candidate.ts'
import { callsToDieAfter, forEachCall } from '../../registry/test/support/kill.ts'
import { describeRepository, dyingAfter } from '../../registry/test/support/repository.ts'
import { deploy, planDeployment } from '../src/index.ts'
import {
  APPROVED,
  deployments,
  FREE,
  go,
  MODEL,
  modelWith,
  openRegistry,
  openScene,
  protect,
  type Scene,
  served,
  servedBy,
} from './scene.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

describe('a plan', () => {
  it('says what goes live, what it replaces and who is asked', async () => {
    const scene = await openScene()
    const github = scene.repository.connect()
    const plan = (version: string, stage = 'production') =>
      planDeployment(github, { model: scene.model, version, stage })
    expect(await plan('v1.0.0')).toMatchObject({
      ...{
        model: MODEL,
        stage: 'production',
        version: 'v1.0.0',
        tag: 'flight-delay@v1.0.0',
        digest: digest('one'),
        replaces: null,
      },
      ...{
        environment: 'production',
        reviewers: ['grace'],
        title: 'flight-delay v1.0.0 → production (the first there)',
      },
    })
    await go(scene, 'v1.0.0')
    expect(await plan('staging')).toMatchObject({
      version: 'v1.0.1',
      title: 'flight-delay v1.0.1 → production (replaces v1.0.0)',
    })
    expect(await plan('v1.0.0', 'staging')).toMatchObject({ environment: null, reviewers: [] })
  })

  it('asks a person about a version whose gate left it to one, and is not made where nobody is asked', async () => {
    const scene = await openScene()
    const github = scene.repository.connect()
    const why = 'AUC is 0.3 points worse than v1.0.1. That is not enough evidence to say.'
    await register(github, candidate('three', { source: scene.repository.source, approval: [why] }))
    const { model } = scene
    await expect(planDeployment(github, { model, version: 'v1.0.2', stage: 'staging' })).rejects.toThrow(
      new UserError(
        `A person has to approve flight-delay v1.0.2, and staging has no environment, so nobody would be asked: ${why} Give the stage an environment with required reviewers, or judge the model again with more evidence.`,
      ),
    )
    const asking = await modelWith(scene.repository, '{ production: { environment: production } }')
    expect(await planDeployment(github, { model: asking, version: 'v1.0.2', stage: 'production' })).toMatchObject({
      approval: [why],
      reviewers: ['grace'],
    })
  })

  it('is not made for what cannot be, and says why', async () => {
    const scene = await openScene()
    const github = scene.repository.connect()
    await register(github, candidate('three', scene.repository))
    const refused = (version: string, stage: string, model = scene.model) =>
      expect(planDeployment(github, { model, version, stage })).rejects
    await refused('latest', 'prod').toThrow(
      new UserError('model.yaml has no stage "prod". It has staging, production.'),
    )
    await refused('latest', 'constructor').toThrow('model.yaml has no stage "constructor".')
    await refused('v9.0.0', 'staging').toThrow('flight-delay has no version or stage "v9.0.0".')
    await refused('v1.0.2', 'production').toThrow(
      new UserError(
        'flight-delay v1.0.2 was never in staging, and must be there before it may come to production: deploy it to staging first.',
      ),
    )
    const other = await modelWith(scene.repository, '{ production: { environment: nowhere } }')
    await refused('v1.0.0', 'production', other).toThrow(
      /^The stage production names the environment nowhere, which does not exist in ada\/models-\d+: make it/,
    )
    await protect(scene.repository, 'open', [])
    const open = await modelWith(scene.repository, '{ production: { environment: open } }')
    await refused('v1.0.0', 'production', open).toThrow(
      new UserError(
        'The environment open has no required reviewers, so nobody would approve what comes to production: add some in Settings → Environments.',
      ),
    )
  })
})

describe('a deployment', () => {
  it('moves target and stage, tells of it in one GitHub Deployment, and retires the one before', async () => {
    const scene = await openScene()
    expect(await go(scene, 'v1.0.0')).toEqual({
      tag: 'flight-delay#production#1',
      target: { kind: 'directory', observed: digest('one') },
    })
    expect(await go(scene, 'v1.0.1')).toMatchObject({ tag: 'flight-delay#production#2' })
    expect(await served(scene)).toEqual(['v1.0.1', 'two'])
    const common = { environment: 'production', task: 'deploy' }
    const first = { model: MODEL, stage: 'production', version: 'v1.0.0', digest: digest('one'), replaces: null }
    const second = { ...first, version: 'v1.0.1', digest: digest('two'), replaces: 'v1.0.0' }
    expect(await deployments(scene)).toMatchObject([
      { ...common, ref: 'flight-delay@v1.0.0', payload: first, states: ['in_progress', 'success', 'inactive'] },
      { ...common, ref: 'flight-delay@v1.0.1', payload: second, states: ['in_progress', 'success'] },
    ])
    // Going back is the same again; the deployment that was retired is not raised from the dead.
    await go(scene, 'v1.0.0')
    expect(await served(scene)).toEqual(['v1.0.0', 'one'])
    expect(await deployments(scene)).toMatchObject([
      {},
      { states: ['in_progress', 'success', 'inactive'] },
      { states: ['in_progress', 'success'] },
    ])
    const message = await scene.repository.git(
      'for-each-ref',
      '--format=%(contents)',
      'refs/tags/flight-delay#production#2',
    )
    expect(message).toContain('Deployed flight-delay v1.0.1 → production (replaces v1.0.0), approved by grace («Go.»).')
  })

  it('of a stage without target is the tag alone', async () => {
    const scene = await openScene()
    expect(await go(scene, 'v1.0.0', { stage: 'staging', proof: FREE })).toMatchObject({
      target: { kind: 'none', observed: null },
    })
    expect(await deployments(scene)).toMatchObject([{ environment: 'staging', states: ['in_progress', 'success'] }])
  })

  it('refuses where nothing proves that the job waited, or the stage moved since the plan', async () => {
    const scene = await openScene()
    const github = scene.repository.connect()
    await expect(go(scene, 'v1.0.0', { proof: FREE })).rejects.toThrow('prove first that the job waited there')
    const plan = await planDeployment(github, { model: scene.model, version: 'v1.0.1', stage: 'production' })
    await go(scene, 'v1.0.0')
    const before = await scene.repository.git('for-each-ref')
    const late = deploy(github, {
      model: scene.model,
      plan,
      proof: APPROVED,
      folder: scene.model.folder,
      run: { actor: 'ada', url: null },
      log: () => {},
    })
    await expect(late).rejects.toThrow(
      new UserError(
        'production of flight-delay holds v1.0.0 now, but the move to v1.0.1 was planned when it held nothing: run the workflow again.',
      ),
    )
    expect(await scene.repository.git('for-each-ref')).toBe(before)
    expect(await deployments(scene)).toHaveLength(1)
  })

  it('fails, and the stage keeps what it holds, where the target refuses or lies about its digest', async () => {
    const command = (program: string) =>
      `{ production: { environment: production, target: { command: ${JSON.stringify(program)} } } }`
    for (const [program, sentence] of [
      [
        `echo '{"ok": true, "sha256": null}'`,
        /^The command of production took flight-delay v1\.0\.0 and then showed nothing instead of [0-9a-f]{12}\. production keeps nothing\.$/,
      ],
      [`echo '{"ok": true, "sha256": "${'0'.repeat(64)}"}'`, /and then showed 000000000000 instead of/],
      [
        `grep -q deploy && echo '{"ok": false, "message": "disk full"}' || echo '{"ok": true}'`,
        /refused \(disk full\) when asked to deploy/,
      ],
    ] as const) {
      const scene = await openRegistry(command(program))
      const before = await scene.repository.git('for-each-ref')
      await expect(go(scene, 'v1.0.0')).rejects.toThrow(sentence)
      expect(await scene.repository.git('for-each-ref')).toBe(before)
      expect(await deployments(scene)).toMatchObject([{ states: ['in_progress', 'failure'] }])
      // Mended and run again, it goes on in the same deployment.
      scene.model = await modelWith(scene.repository, '{ production: { environment: production } }')
      await go(scene, 'v1.0.0')
      expect(await deployments(scene)).toMatchObject([{ states: ['in_progress', 'failure', 'in_progress', 'success'] }])
      expect((await readState(scene.repository.connect(), MODEL)).stages.production?.current).toBe('v1.0.0')
    }
  })

  it('puts back what the stage holds, where what came is not well or somebody was quicker', async () => {
    // Serves what it was given last, by the version's number; v1.0.1 makes it unwell.
    const program = `request=$(cat); case "$request" in *'"deploy"'*) printf '%s' "$request" > last; esac
      case "$(cat last 2>/dev/null)" in
        *'"version":"v1.0.1"'*) echo '{"ok": true, "sha256": "${digest('two')}", "healthy": false, "message": "out of memory"}';;
        *'"version":"v1.0.0"'*) echo '{"ok": true, "sha256": "${digest('one')}"}';;
        *) echo '{"ok": true, "sha256": null}';;
      esac`
    const scene = await openScene(servedBy(program))
    await rm(join(scene.model.folder, 'last'), { force: true })
    await go(scene, 'v1.0.0')
    await expect(go(scene, 'v1.0.1')).rejects.toThrow(
      'serves flight-delay v1.0.1 and is not well: out of memory. production keeps v1.0.0, and the command serves it.',
    )
    expect(await readFile(join(scene.model.folder, 'last'), 'utf8')).toContain('"version":"v1.0.0"')
  })

  it('does not ask a target that serves the version already to deploy it', async () => {
    const log = 'asked.log'
    const program = `tee -a ${log} | grep -q deploy; echo '{"ok": true, "sha256": "${digest('one')}"}'`
    const scene = await openScene(
      `{ production: { environment: production, target: { command: ${JSON.stringify(program)} } } }`,
    )
    await rm(join(scene.model.folder, log), { force: true })
    await go(scene, 'v1.0.0')
    const asked = (await readFile(join(scene.model.folder, log), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).verb)
    expect(asked).toEqual(['status'])
  })
})

describe('killed after any answer and run again', () => {
  it('a deployment ends the same, deploys once and leaves nothing else behind', async () => {
    // A target that serves v1.0.1 once it was asked to deploy, and notes each time that it was.
    const program = `case "$(cat)" in *'"deploy"'*) echo once >> deploys; printf ${digest('two')} > served;; esac
      echo "{\\"ok\\": true, \\"sha256\\": \\"$(cat served)\\"}"`
    const stages = `{ production: { environment: production, target: { command: ${JSON.stringify(program)} } } }`
    const open = async () => {
      const scene = await openRegistry(stages)
      await writeFile(join(scene.model.folder, 'served'), digest('one'))
      await writeFile(join(scene.model.folder, 'deploys'), '')
      await go(scene, 'v1.0.0')
      return scene
    }
    const look = async (scene: Scene) => ({
      repository: await describeRepository(scene.repository, MODEL),
      deployments: (await deployments(scene)) as Array<{ states: string[] }>,
      deploys: await readFile(join(scene.model.folder, 'deploys'), 'utf8'),
    })
    const undisturbed = await open()
    const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed.repository, (github) =>
      go(undisturbed, 'v1.0.1', { github }),
    )
    const end = await look(undisturbed)
    const calls = callsToDieAfter(process)
    await forEachCall(calls, async (call) => {
      const scene = await open()
      const { outcome } = await dyingAfter(call, scene.repository, (github) => go(scene, 'v1.0.1', { github }))
      expect(outcome).toBe('dead')
      await go(scene, 'v1.0.1')
      expect(await look(scene), `killed after call ${call}, ${process.answered[call - 1]}`).toEqual(end)
    })
    console.log(
      `deploy: killed after ${calls.length} of its ${process.answered.length} API calls and run again, ${calls.length} equal ends`,
    )
  })
})
