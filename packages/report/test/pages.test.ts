import type { Statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  renderDeploymentPlan,
  renderModelCard,
  renderReleasePage,
  renderRollbackPlan,
  renderStepSummary,
  renderTerminal,
  replayCommands,
} from '../src/index.ts'
import * as given from './records.ts'

const context = { repositoryUrl: 'https://github.com/acme/flight-delay', tag: 'flight-delay@v1.1.0' }
const version = given.versionFile()
const previous = given.versionFile({
  version: 'v1.0.0',
  code: version.code.map((file) => (file.name === 'params.yaml' ? { ...file, sha256: '0'.repeat(64) } : file)),
})

describe('the job summary of each step', () => {
  const records: Record<string, Statement> = {
    plan: given.plan,
    validation: given.validation({
      verdict: 'fail',
      checks: given.brokenChecks,
      reasons: ['The data break the contract in 1 check.'],
    }),
    training: given.training(),
    gate: given.worseGate(),
    registration: given.registration,
    deployment: given.deployment,
    report: given.report,
    fetch: given.fetched,
    rollback: given.rollback,
    retrain: given.retrain,
    failure: given.failure('evaluate', 'out/model.onnx is not an ONNX file.'),
  }

  it.each(Object.entries(records))('says what it did: %s', async (kind, record) => {
    await expect(`${renderStepSummary(record)}\n`).toMatchFileSnapshot(`fixtures/summary-${kind}.md`)
  })

  it.each(Object.entries(records))('reads as well in a terminal: %s', async (kind, record) => {
    await expect(`${renderTerminal(record)}\n`).toMatchFileSnapshot(`fixtures/terminal-${kind}.txt`)
  })

  it('is bold in a terminal that asked for it', () => {
    expect(renderTerminal(given.gate(), { color: true })).toContain('\u001b[1m')
    expect(renderTerminal(given.gate())).not.toContain('\u001b')
  })
})

describe('the plan of what is there already', () => {
  it('does not say that it goes live', () => {
    const plan = { model: 'm', stage: 'staging', version: 'v1.0.0', replaces: 'v1.1.0', digest: 'c'.repeat(64) }
    const page = renderDeploymentPlan({
      ...plan,
      environment: null,
      title: 'm v1.0.0 → staging',
      reviewers: [],
      already: true,
    })
    expect(page).toMatch(/^### m v1\.0\.0 is in staging already\n/)
    expect(page).not.toContain('🚀')
  })
})

describe('the plan of a rollback', () => {
  it('says what goes, what comes back, and what was there when', async () => {
    const plan = {
      ...{ model: 'flight-delay', stage: 'production', replaces: 'v1.1.0', version: 'v1.0.0' },
      digest: 'c'.repeat(64),
      elsewhere: ['staging'],
      title: 'flight-delay v1.1.0 → v1.0.0 in production (rollback)',
      url: 'https://github.com/acme/flight-delay/releases/tag/flight-delay%40v1.0.0',
    }
    const tenures = [
      { version: 'v1.1.0', from: '2001-05-02T08:00:00.000Z', until: null },
      { version: 'v1.0.0', from: '2001-04-02T08:00:00.000Z', until: '2001-05-02T08:00:00.000Z' },
    ].map((tenure, index) => ({
      ...tenure,
      tag: `flight-delay#production#${2 - index}`,
      actor: 'ada',
      reason: 'Deployed, approved by rita | <b>.',
    }))
    await expect(`${renderRollbackPlan(plan, tenures)}\n`).toMatchFileSnapshot('fixtures/rollback-plan.md')
  })
})

describe('the release page', () => {
  it('says what changed, how good it is, how to fetch and to verify it', async () => {
    await expect(`${renderReleasePage(version, { ...context, previous })}\n`).toMatchFileSnapshot('fixtures/release.md')
  })

  it('says of a first version that there was none before', () => {
    const first = given.versionFile({ champion: null, version: 'v1.0.0' })
    expect(renderReleasePage(first, context)).toContain('A first version: there was none to compare it with')
  })

  it('says so where the gates left a version to a person, and does not claim that it passed', () => {
    const approval = ['AUC is 0.3 points worse. That is not enough evidence to say.']
    for (const champion of [null, 'v1.0.0']) {
      const version = given.versionFile({ champion, metrics: [], verdict: 'warn', approval })
      for (const page of [renderReleasePage(version, context), renderModelCard(version, context)]) {
        expect(page).toContain(`- ${approval[0]}`)
        expect(page).not.toContain('passed')
      }
    }
  })

  it('puts a model together that lies there in parts', () => {
    const parts = ['001', '002'].map((part) => ({ name: `model.onnx.part-${part}`, sha256: 'c'.repeat(64), bytes: 1 }))
    const asset = { name: 'model.onnx', sha256: 'c'.repeat(64), bytes: 2, parts }
    expect(renderReleasePage(given.versionFile({ assets: [asset] }), context)).toContain(`curl -fL \\
  https://github.com/acme/flight-delay/releases/download/flight-delay%40v1.1.0/model.onnx.part-001 \\
  https://github.com/acme/flight-delay/releases/download/flight-delay%40v1.1.0/model.onnx.part-002 \\
  > model.onnx
`)
  })

  it('fetches from the release of an earlier version what lies there', () => {
    const [model, profile] = ['model.onnx', 'profile.json'].map((name) => ({
      ...{ name, sha256: 'c'.repeat(64), bytes: 2, at: 'flight-delay@v1.0.0' },
    }))
    const page = renderReleasePage(given.versionFile({ assets: [model!, profile!] }), context)
    expect(page).toContain(
      'curl -fL -o model.onnx https://github.com/acme/flight-delay/releases/download/flight-delay%40v1.0.0/model.onnx',
    )
    expect(page).toContain('| `model.onnx` of [`flight-delay@v1.0.0`](')
    expect(page).toContain(`--dir release
npx modelyard fetch --name flight-delay --version v1.1.0 --path release
gh release download flight-delay@v1.0.0 --pattern profile.json --dir release
`)
  })

  it('names the store of a model that is in none of its files', () => {
    const asset = { name: 'model.onnx', sha256: 'c'.repeat(64), bytes: 2, pointer: 's3://models/flight-delay' }
    const page = renderReleasePage(given.versionFile({ assets: [asset] }), context)
    expect(page).toContain('The bytes are in the store `s3://models/flight-delay`.')
    expect(page).not.toContain('curl')
  })

  it('gives commands in which a name is a word, whatever it holds', () => {
    const asset = { name: "a'; rm -rf ~ #.onnx", sha256: 'c'.repeat(64), bytes: 1 }
    const page = renderReleasePage(given.versionFile({ assets: [asset] }), context)
    expect(page).toContain(`curl -fL -o 'a'\\''; rm -rf ~ #.onnx' `)
  })
})

describe('the commands that give the same verdict again', () => {
  const gate = given.gate().predicate

  it('bring the source, the files of the run and the champion, and then replay', () => {
    const run = { ...gate.run, commit: 'c'.repeat(40) }
    expect(replayCommands({ ...gate, run }, { runId: '17' })).toEqual([
      `git fetch origin ${'c'.repeat(40)} && git checkout --detach FETCH_HEAD`,
      'gh run download 17 -n modelyard-gate-flight-delay -n modelyard-training-flight-delay',
      'npx modelyard fetch --name flight-delay --version v1.0.0 --path champion',
      'npx modelyard replay modelyard-gate-flight-delay/gate.json --champion champion',
    ])
    expect(replayCommands({ ...gate, champion: null }, {})).toEqual([
      'npx modelyard replay .modelyard/flight-delay/gate.json',
    ])
  })

  it('hold a version as one word, whatever a record calls it', () => {
    const champion = { ...gate.champion!, version: "v1'; rm -rf ~ #" }
    expect(replayCommands({ ...gate, champion }, { runId: '17' }).join('\n')).toContain(
      `--version 'v1'\\''; rm -rf ~ #' `,
    )
  })
})

describe('the model card', () => {
  it('has front matter that is YAML with a model index, and the facts of the version', async () => {
    const card = renderModelCard(version, context)
    const front = parse(card.split('---')[1]!)
    expect(front['model-index'][0].results[0].metrics[0]).toEqual({
      type: 'roc_auc',
      name: 'AUC',
      value: 0.692,
      args: { interval: [0.686, 0.698] },
    })
    await expect(card).toMatchFileSnapshot('fixtures/card.md')
  })
})

describe('the plan of a deployment', () => {
  const plan = {
    model: 'flight-delay',
    stage: 'production',
    version: 'v1.1.0',
    replaces: 'v1.0.0',
    digest: 'c'.repeat(64),
    environment: 'production',
    title: 'flight-delay v1.1.0 → production (replaces v1.0.0)',
    reviewers: ['olga', 'flight-ml'],
    verdict: version.verdict,
    champion: version.champion,
    metrics: version.metrics,
  }

  it('shows what goes live, what it replaces, the verdict, who is asked and the way back', async () => {
    const links = { releaseUrl: `${context.repositoryUrl}/releases/tag/flight-delay%40v1.1.0` }
    await expect(`${renderDeploymentPlan(plan, links)}\n`).toMatchFileSnapshot('fixtures/deployment-plan.md')
  })

  it('tells who is asked why a person has to decide, before the numbers, whatever the reasons hold', () => {
    const approval = ['AUC is 0.3 points worse. That is not enough evidence to say.', '<b> | `x`: @everyone']
    const page = renderDeploymentPlan({ ...plan, verdict: 'warn', approval })
    expect(page).toContain('**There was not enough evidence to decide without a person. Approve only if this may be:**')
    expect(page.indexOf(approval[0]!)).toBeLessThan(page.indexOf('| AUC'))
    expect(page).not.toMatch(/<b>|@everyone/)
  })

  it('says what it does not know', () => {
    const { verdict: _, ...unknown } = plan
    expect(renderDeploymentPlan({ ...unknown, replaces: null })).toMatch(
      /verdict of the gate is not known[\s\S]*no way back/,
    )
  })
})
