import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyModel } from '@modelyard/scenarios'
import { parseModelFile } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { evaluate } from '../src/index.ts'

describe('a command that looks at models', () => {
  it.each([
    ['predict: { run: sh predict.sh, predictions: out/judged.csv }', 'metrics: [roc_auc'],
    ['scores: { run: sh score.sh, file: out/scores.csv }', 'metrics: [cost_loss, roc_auc'],
  ])('is not run for a fork on a machine of the repository’s owner: %s', async (command, metrics) => {
    const text = toyModel('toy', { 'metrics: [roc_auc': `${command}\n  ${metrics}` })
    const root = await mkdtemp(join(tmpdir(), 'modelyard-commands-'))
    const run = { pullRequest: { number: 1, head: 'a', fork: true }, selfHosted: true }
    const context = { root, run } as unknown as StepContext
    const model = { ...parseModelFile(text, 'model.yaml'), folder: root }
    await expect(evaluate(context, model)).rejects.toThrow(/comes from a fork and this runner is self-hosted/)
  })
})
