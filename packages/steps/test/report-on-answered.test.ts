import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { artifactName } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { zip } from '../../github/test/zip.ts'
import type { AnsweredRun, StepContext } from '../src/context.ts'
import { reportOnAnswered } from '../src/report-on-answered.ts'

const HEAD = 'b'.repeat(40)
const MODEL = 'flight-delay'
const KINDS = ['validation', 'training', 'gate'] as const

const RUN: AnsweredRun = {
  ...{ id: '42', attempt: 1, url: 'https://github.test/acme/models/actions/runs/42', event: 'pull_request' },
  ...{ head: HEAD, branch: 'gift', headRepository: 'mallory/models' },
}

/** A record as it is frozen, of run 42; the validation is of the hold-out that the gate judged on. */
async function frozen(kind: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, `../../spec/test/fixtures/records/${kind}-v1.json`), 'utf8')
  if (kind !== 'validation') return text
  return text.replaceAll('"role":"train"', '"role":"holdout"').replaceAll('a'.repeat(64), 'f'.repeat(64))
}

interface Published {
  name: string
  archive: Buffer
}

const published = (kind: string, text: string, model = MODEL): Published => ({
  name: artifactName(model, kind),
  archive: zip({ [`${kind}.json`]: text }),
})

const honest = () => Promise.all(KINDS.map(async (kind) => published(kind, await frozen(kind))))

/** The honest records, one of them in another form. */
async function poisoned(kind: (typeof KINDS)[number], change: (text: string) => string): Promise<Published[]> {
  const others = (await honest()).filter(({ name }) => name !== artifactName(MODEL, kind))
  return [...others, published(kind, change(await frozen(kind)))]
}

const plan = (models: string[]): Published => ({
  name: 'modelyard-plan',
  archive: zip({
    'plan.json': JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: 'https://modelyard.dev/record/plan/v1',
      predicate: {
        ...{ verdict: 'pass', reasons: [], source: { tree: null, dirty: false }, engine: { modelyard: '0.1.0' } },
        run: { started: '2001-06-01T05:23:00.000Z', finished: '2001-06-01T05:24:00.000Z', id: '42' },
        models: models.map((name) => ({ name, file: `${name}/model.yaml` })),
      },
    }),
  }),
})

const pull = (changes: { number?: number; head?: string; repository?: string } = {}) => ({
  ...{ number: changes.number ?? 3, title: 't', html_url: '', user: { login: 'mallory' }, base: { ref: 'main' } },
  ...{ merged_at: null, merge_commit_sha: null },
  head: { sha: changes.head ?? HEAD, repo: { full_name: changes.repository ?? 'mallory/models' } },
})

interface Outcome {
  /** What was written to GitHub: its path and its body. */
  written: Array<{ path: string; body: Record<string, unknown> }>
  said: string[]
  /** Bytes of artifacts that were asked for. */
  bytes: number
  root: string
  error: unknown
}

/** Answers the run 42 where GitHub has these artifacts of it, the newest last, and these open pull requests. */
async function answer(
  artifacts: Published[],
  { pulls = [pull()], run = {}, forbids }: { pulls?: object[]; run?: Partial<AnsweredRun>; forbids?: RegExp } = {},
): Promise<Outcome> {
  const outcome: Outcome = {
    written: [],
    said: [],
    bytes: 0,
    error: undefined,
    root: await mkdtemp(join(tmpdir(), 'modelyard-answer-')),
  }
  const listed = artifacts.map(({ name, archive }, id) => ({ id, name, size_in_bytes: archive.length, expired: false }))
  const routes: Array<[RegExp, (match: RegExpExecArray) => unknown]> = [
    [/^\/pulls$/, () => pulls],
    [/^\/pulls\/(\d+)$/, ([, number]) => pulls.find((each) => (each as { number: number }).number === Number(number))],
    [/^\/actions\/runs\/42\/artifacts$/, () => ({ total_count: listed.length, artifacts: listed })],
    [/^\/check-runs$/, () => ({ id: 1, html_url: 'https://github.test/checks/1' })],
    [/^\/commits\/\w+\/check-runs$/, () => ({ total_count: 0, check_runs: [] })],
    [
      /^\/issues\/\d+\/comments$/,
      () => outcome.written.filter(({ path }) => path.endsWith('/comments')).map(asComment),
    ],
  ]
  const github = connect({
    ...{ token: 't', repository: 'acme/models', apiUrl: 'http://github.test' },
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      const path = pathname.replace('/repos/acme/models', '')
      const respond = (response: Response) => Object.defineProperty(response, 'url', { value: String(input) })
      if (path === '/user') return respond(Response.json({ message: 'no' }, { status: 403 }))
      if (forbids?.test(path)) {
        const headers = { 'x-accepted-github-permissions': 'pull_requests=write' }
        return respond(Response.json({ message: 'Resource not accessible by integration' }, { status: 403, headers }))
      }
      if (init?.method === 'POST') outcome.written.push({ path, body: JSON.parse(String(init.body)) })
      const id = /^\/actions\/artifacts\/(\d+)\/zip$/.exec(path)?.[1]
      if (id !== undefined) {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '')!
        const part = artifacts[Number(id)]!.archive.subarray(Number(from), Number(to) + 1)
        outcome.bytes += part.length
        return respond(new Response(new Uint8Array(part), { status: 206 }))
      }
      for (const [pattern, made] of routes) {
        const match = pattern.exec(path)
        if (match) return respond(Response.json(made(match)))
      }
      throw new Error(`nobody expected ${init?.method} ${path}`)
    },
  })
  const context = {
    ...{
      root: outcome.root,
      github,
      store: { collect: () => Promise.reject(new Error('not its own records')), publish: async () => {} },
    },
    run: { id: '99', repository: 'acme/models', server: 'https://github.test', event: 'workflow_run' },
    log: { info: (message: string) => outcome.said.push(message), warn: () => {} },
  } as unknown as StepContext
  await reportOnAnswered(context, { ...RUN, ...run }).catch((error) => {
    outcome.error = error
  })
  return outcome
}

function asComment({ body }: { body: Record<string, unknown> }, id: number) {
  return { id, html_url: `https://github.test/comments/${id}`, body: body.body, user: { login: 'b', type: 'Bot' } }
}

const bodyOf = ({ written }: Outcome) => String(written.find(({ path }) => path.endsWith('/comments'))?.body.body)

describe('the report on a fork’s run', () => {
  it('goes to the pull request that GitHub finds by repository, branch and commit, as claims', async () => {
    const outcome = await answer([...(await honest()), plan([MODEL])])
    expect(outcome.error).toBeUndefined()
    expect(outcome.written.map(({ path }) => path)).toEqual(['/check-runs', '/issues/3/comments'])
    const [check] = outcome.written
    expect(check!.body).toMatchObject({
      ...{ head_sha: HEAD, name: `model: ${MODEL}`, details_url: RUN.url, conclusion: 'neutral' },
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
    const { written, said } = await answer(failing)
    expect(said.join('\n')).not.toMatch(/does not count/)
    expect(written[0]!.body.output).toMatchObject({ annotations: [] })
  })

  it('misses a model of the plan that left no record', async () => {
    const outcome = await answer([...(await honest()), plan([MODEL, 'silent'])])
    const comments = outcome.written
      .filter(({ path }) => path.endsWith('/comments'))
      .map(({ body }) => String(body.body))
    expect(comments).toHaveLength(2)
    expect(comments[1]).toMatch(/### A fork's claim: ❌ `silent`: no validation record/)
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
    expect(outcome.written[0]!.body.conclusion).toBe('failure')
  })

  const archived = (archive: Buffer): Published => ({ name: artifactName(MODEL, 'gate'), archive })
  it.each([
    ['no archive', archived(Buffer.from('<html>'.repeat(99)))],
    ['a bomb', archived(zip({ 'gate.json': '0'.repeat(20_000_000) }))],
    ['a bomb that says it is small', archived(zip({ 'gate.json': '0'.repeat(20_000_000) }, 100))],
    ['a way upwards', archived(zip({ '../../gate.json': '{}' }))],
  ])('is refused with the whole report where it is %s', async (_, artifact) => {
    const { error, written, root } = await answer([...(await honest()), artifact])
    expect(String(error)).toMatch(/modelyard-gate-flight-delay is no record that can be shown.*Nothing is posted/)
    expect(written).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  it.each([
    ['artifacts', Array.from({ length: 82 }, (_, at) => published('gate', '{}', `m${at}`)), /left 82 records/],
    ['models', [plan(Array.from({ length: 21 }, (_, at) => `m${at}`))], /speaks of 21 models/],
  ])('is refused where there are too many %s', async (_, artifacts, words) => {
    const { error, written } = await answer(artifacts)
    expect(String(error)).toMatch(words)
    expect(written).toEqual([])
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
