import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import { evaluate, planDeploy, register, replay } from '../src/index.ts'
import { checkout } from './support/checkout.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const GATE = '{ metric: roc_auc, min: 0.6, max_regression: 0.01 }'

describe('a candidate that lacks the evidence', () => {
  it('is registered where the model file leaves it to a person, and goes only where one is asked', {
    timeout: 60_000,
  }, async () => {
    // Near the line between the classes the model is right in three of five rows, or so.
    const unsure = '{ metric: accuracy, min: 0.6, slice: "abs(a) < 0.6", on_inconclusive: require-approval }'
    const { repository, trained } = await checkout(server, {
      [GATE]: `${GATE}\n    - ${unsure}`,
      'staging: {}': 'staging: { environment: staging }',
    })
    const { context, model } = await trained(0.5)
    const { verdict, approval, gates, reasons } = (await evaluate(context, model)).predicate
    expect(gates.at(-1)).toMatchObject({ slice: 'abs(a) < 0.6', verdict: 'warn', on_inconclusive: 'require-approval' })
    expect(verdict).toBe('warn')
    expect(approval).toEqual([reasons[0]])
    const record = join(context.root, '.modelyard/toy/gate.json')
    expect((await replay(context, { record, model: 'model.yaml' })).same).toBe(true)

    await register(context, { model: 'model.yaml', version: 'auto' })
    const file = JSON.parse(await repository.git('show', 'toy@v1.0.0:.modelyard/toy/version.json'))
    expect(file).toMatchObject({ verdict: 'warn', approval })
    const open = { ...model, stages: { staging: {} } }
    await expect(planDeploy(context, open, { stage: 'staging', version: 'v1.0.0' })).rejects.toThrow(
      `A person has to approve toy v1.0.0, and staging has no environment, so nobody would be asked: ${approval![0]}`,
    )
  })
})

describe('a training budget', () => {
  it('is held against what the training record says, and replayed from the gate record', {
    timeout: 60_000,
  }, async () => {
    const budget = '- { metric: training_time, max: 1h }\n    - { metric: training_cost, max: 0.000001 }'
    const { trained } = await checkout(server, {
      [GATE]: `${GATE}\n    ${budget}\n    - { metric: file_size, max: 1kB }`,
      'train: { run: sh train.sh,': 'train: { run: sh train.sh, cost_per_hour: 36000,',
    })
    const { context, model } = await trained(0.5)
    const { gates, metrics } = (await evaluate(context, model)).predicate
    expect(gates.slice(1).map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['training_time', 'pass'],
      ['training_cost', 'fail'],
      ['file_size', 'pass'],
    ])
    const [time, cost] = metrics.filter(({ name }) => name.startsWith('training_'))
    expect(time!.candidate.value).toBeGreaterThan(0)
    expect(cost!.candidate.value).toBeCloseTo(time!.candidate.value! * 10, 12)
    expect(metrics.find(({ name }) => name === 'file_size')!.candidate.value).toBe(16)
    const again = await replay(context, { record: join(context.root, '.modelyard/toy/gate.json'), model: 'model.yaml' })
    expect(again.same).toBe(true)
  })
})
