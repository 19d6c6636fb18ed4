import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactName } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import {
  answer,
  bodyOf,
  checkOf,
  frozen,
  HEAD,
  honest,
  MODEL,
  type Published,
  plan,
  poisoned,
  published,
  pull,
  RUN,
} from './answered-run.ts'

describe('the report on a fork’s run', () => {
  it('goes to the pull request that GitHub finds by repository, branch and commit, as claims', async () => {
    const outcome = await answer([...(await honest()), plan([MODEL])])
    expect(outcome.error).toBeUndefined()
    expect(outcome.written.map(({ path }) => path)).toEqual(['/issues/3/comments', '/check-runs'])
    expect(checkOf(outcome)).toMatchObject({
      ...{ head_sha: HEAD, name: 'models (claims)', details_url: RUN.url, conclusion: 'neutral' },
    })
    expect(bodyOf(outcome)).toMatch(/### A fork's claim: ✅ `flight-delay`/)
    expect(bodyOf(outcome)).toContain('claims of its own run')
    expect(bodyOf(outcome)).not.toContain('git fetch')
  })

  it('marks no line of the files: nothing there would say whose words they are', async () => {
    const failing = await poisoned('gate', (text) =>
      text
        .replace('"run":{', '"run":{"model_file":"model.yaml",')
        .replace('"verdict":"pass"', '"line":3,"verdict":"fail"'),
    )
    const outcome = await answer(failing)
    expect(outcome.said.join('\n')).not.toMatch(/does not count/)
    expect(checkOf(outcome).output).toMatchObject({ annotations: [] })
  })

  it('misses a model of the plan that left no record', async () => {
    const outcome = await answer([...(await honest()), plan([MODEL, 'silent'])])
    expect(bodyOf(outcome)).toMatch(/### A fork's claim: ❌ `silent`: no validation record/)
    expect(checkOf(outcome)).toMatchObject({
      conclusion: 'failure',
      output: { title: "A fork's claims: 1 of 2\u00a0models would pass" },
    })
  })

  it('is one comment and one check, however many models the fork names, and takes the place of what was there', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `m${at}`)
    const stands = '<!-- modelyard:claims -->\nA fork’s claim: all is well with m99'
    const { error, written } = await answer([plan(names)], { stands })
    expect(error).toBeUndefined()
    expect(written.map(({ path }) => path)).toEqual(['/issues/comments/7', '/check-runs'])
    const body = String(written[0]!.body.body)
    for (const name of names) expect(body).toContain(`❌ \`${name}\`: no validation record`)
    expect(body).not.toContain('m99')
    expect(Buffer.byteLength(body)).toBeLessThan(61_000)
  })

  it('never takes the place of a check that a run of the repository made on the same commit', async () => {
    const theirs = { id: 7, name: `model: ${MODEL}`, external_id: `model: ${MODEL}`, conclusion: 'failure' }
    const output = { title: '❌', summary: 'trusted', annotations_count: 0 }
    const { written } = await answer(await honest(), { checks: [{ ...theirs, output }] })
    expect(written.map(({ path }) => path)).toEqual(['/issues/3/comments', '/check-runs'])
    expect(written[1]!.body.name).not.toMatch(/^model: /)
  })

  it('does not speak of models of which there is only a folder of another kind, or none', async () => {
    const names = [
      'modelyard-plan-ghost',
      'modelyard-deployment-ghost',
      'modelyard-constructor-ghost',
      'modelyard-gate-ghost-',
    ]
    const ghosts = names.map((name) => ({ name, archive: zip({ x: 'y' }) }))
    const empty = { name: 'modelyard-gate-empty', archive: zip({ x: 'y' }) }
    const outcome = await answer([...(await honest()), ...ghosts, empty])
    expect(outcome.error).toBeUndefined()
    expect(bodyOf(outcome)).not.toMatch(/ghost|empty/)
    expect(outcome.said.join('\n')).toContain('modelyard-gate-empty does not count: it holds no gate.json.')
  })

  it('reads the records and not the model beside them', async () => {
    const training = await frozen('training')
    const archive = zip({ 'training.json': training, 'model.onnx': randomBytes(6_000_000).toString('base64') })
    const others = (await honest()).filter(({ name }) => name !== artifactName(MODEL, 'training'))
    const outcome = await answer([...others, { name: artifactName(MODEL, 'training'), archive }])
    expect(outcome.written).toHaveLength(2)
    expect(outcome.bytes).toBeLessThan(4_000_000)
    expect(await readdir(join(outcome.root, '.modelyard', MODEL))).not.toContain('model.onnx')
  })

  it('takes the newest of two of one name, as a job leaves them that ran again', async () => {
    const old = published('gate', (await frozen('gate')).replace('"id":"42"', '"id":"41"'))
    const outcome = await answer([old, ...(await honest())])
    expect(outcome.said.join('\n')).not.toMatch(/does not count/)
  })

  it.each([
    [
      'the branch moved on',
      { pulls: [pull({ head: 'c'.repeat(40) })] },
      /no open pull request has bbbbbbb of mallory\/models/,
    ],
    ['the branch is of another repository', { pulls: [pull({ repository: 'eve/models' })] }, /no open pull request/],
    ['no pull request is open', { pulls: [] }, /no open pull request/],
    ['the fork is gone', { run: { headRepository: null } }, /is gone/],
    ['two pull requests bring the commit', { pulls: [pull(), pull({ number: 4 })] }, /#3 and #4 both bring/],
  ])('is nothing where %s, and no record is read', async (_, given, words) => {
    const outcome = await answer(await honest(), given)
    expect(outcome).toMatchObject({ error: undefined, written: [], bytes: 0 })
    expect(outcome.said.join('\n')).toMatch(words)
  })

  it('is nothing where the run left no record', async () => {
    const outcome = await answer([])
    expect(outcome).toMatchObject({ error: undefined, written: [] })
    expect(outcome.said).toEqual([expect.stringMatching(/left a record/)])
  })

  it('says which permission is missing', async () => {
    const { error } = await answer(await honest(), { forbids: /comments$/ })
    expect(String(error)).toMatch(/lacks "pull-requests: write"/)
  })

  it('is for forks alone: a run for a branch of the repository reports itself', async () => {
    const { error, written } = await answer(await honest(), {
      run: { headRepository: 'acme/models' },
      pulls: [pull({ repository: 'acme/models' })],
    })
    expect(String(error)).toMatch(/ran for a branch of this repository and reports itself\. Let the job ask for it/)
    expect(written).toEqual([])
  })

  it('is for pull requests alone', async () => {
    const { error, written } = await answer(await honest(), { run: { event: 'push' } })
    expect(String(error)).toMatch(/ran for push, and reports are for pull requests\. Let the job ask for it/)
    expect(written).toEqual([])
  })
})

describe('a poisoned record of a fork’s run', () => {
  it.each([
    ['is of another run', (text: string) => text.replace('"id":"42"', '"id":"41"'), /of another run/],
    [
      'speaks of another model',
      (text: string) => text.replaceAll('"flight-delay"', '"other"'),
      /speaks of the model other/,
    ],
    ['is no JSON', () => '{', /is not JSON/],
    ['is of a newer release', (text: string) => text.replace('/gate/v1', '/gate/v9'), /Update Modelyard/],
    ['has a key too many', (text: string) => text.replace('"verdict"', '"x":1,"verdict"'), /is broken/],
  ])('does not count where it %s: the model is reported as not judged', async (_, change, words) => {
    const outcome = await answer(await poisoned('gate', change))
    expect(outcome.error).toBeUndefined()
    expect(outcome.said.join('\n')).toMatch(words)
    expect(bodyOf(outcome)).toMatch(/no gate record/)
    expect(checkOf(outcome).conclusion).toBe('failure')
  })

  const archived = (archive: Buffer): Published => ({ name: artifactName(MODEL, 'gate'), archive })
  it.each([
    ['no archive', archived(Buffer.from('<html>'.repeat(99)))],
    ['a bomb', archived(zip({ 'gate.json': '0'.repeat(20_000_000) }))],
    ['a bomb that says it is small', archived(zip({ 'gate.json': '0'.repeat(20_000_000) }, 100))],
    ['a way upwards', archived(zip({ '../../gate.json': '{}' }))],
  ])('is refused with the whole report where it is %s', async (_, artifact) => {
    const { error, written, root } = await answer([...(await honest()), artifact])
    expect(String(error)).toMatch(/modelyard-gate-flight-delay is no record that can be shown/)
    expect(written).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  it.each([
    ['artifacts', Array.from({ length: 82 }, (_, at) => published('gate', '{}', `m${at}`)), /left 82 records/],
    [
      'artifacts of other names',
      Array.from({ length: 5000 }, (_, at) => ({ name: `x${at}`, archive: Buffer.alloc(1) })),
      /left more than 1000 artifacts/,
    ],
    ['models', [plan(Array.from({ length: 21 }, (_, at) => `m${at}`))], /speaks of 21 models/],
  ])('is refused where there are too many %s', async (_, artifacts, words) => {
    const { error, written, listings } = await answer(artifacts)
    expect(String(error)).toMatch(words)
    expect(written).toEqual([])
    expect(listings).toBeLessThanOrEqual(11)
  })

  it('brings no file of another name, and no artifact of another kind', async () => {
    const extra = { name: 'modelyard-drift-x', archive: zip({ 'drift.json': '{}' }) }
    const gate = archived(
      zip({ 'gate.json': await frozen('gate'), '.npmrc': 'x', 'model.onnx': 'x', 'profile.json': 'x' }),
    )
    const others = (await honest()).filter(({ name }) => name !== gate.name)
    const { root } = await answer([...others, gate, extra, { name: 'evil', archive: zip({ a: 'b' }) }])
    const all = await readdir(join(root, '.modelyard'), { recursive: true })
    expect(all.filter((path) => /npmrc|onnx|profile|drift|evil/.test(path))).toEqual([])
  })
})
