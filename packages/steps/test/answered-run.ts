import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { artifactName } from '@modelyard/spec'
import { zip } from '../../github/test/zip.ts'
import type { AnsweredRun, StepContext } from '../src/context.ts'
import { reportOnAnswered } from '../src/report-on-answered.ts'

export const HEAD = 'b'.repeat(40)
export const MODEL = 'flight-delay'
export const KINDS = ['validation', 'training', 'gate'] as const

export const RUN: AnsweredRun = {
  ...{ id: '42', url: 'https://github.test/acme/models/actions/runs/42', event: 'pull_request' },
  ...{ head: HEAD, branch: 'gift', headRepository: 'mallory/models' },
}

/** A record as it is frozen, of run 42; the validation is of the hold-out that the gate judged on. */
export async function frozen(kind: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, `../../spec/test/fixtures/records/${kind}-v1.json`), 'utf8')
  if (kind !== 'validation') return text
  return text.replaceAll('"role":"train"', '"role":"holdout"').replaceAll('a'.repeat(64), 'f'.repeat(64))
}

export interface Published {
  name: string
  archive: Buffer
}

export const published = (kind: string, text: string, model = MODEL): Published => ({
  name: artifactName(model, kind),
  archive: zip({ [`${kind}.json`]: text }),
})

export const honest = () => Promise.all(KINDS.map(async (kind) => published(kind, await frozen(kind))))

/** The honest records, one of them in another form. */
export async function poisoned(kind: (typeof KINDS)[number], change: (text: string) => string): Promise<Published[]> {
  const others = (await honest()).filter(({ name }) => name !== artifactName(MODEL, kind))
  return [...others, published(kind, change(await frozen(kind)))]
}

export const plan = (models: string[]): Published => ({
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

export const pull = (changes: { number?: number; head?: string; repository?: string } = {}) => ({
  ...{ number: changes.number ?? 3, title: 't', html_url: '', user: { login: 'mallory' }, base: { ref: 'main' } },
  ...{ merged_at: null, merge_commit_sha: null },
  head: { sha: changes.head ?? HEAD, repo: { full_name: changes.repository ?? 'mallory/models' } },
})

export interface Outcome {
  /** What was written to GitHub: its path and its body. */
  written: Array<{ path: string; body: Record<string, unknown> }>
  /** How often artifacts were listed. */
  listings: number
  said: string[]
  /** Bytes of artifacts that were asked for. */
  bytes: number
  root: string
  error: unknown
}

export interface Given {
  pulls?: object[]
  run?: Partial<AnsweredRun>
  forbids?: RegExp
  /** What a run before left: the body of its comment, and its checks. */
  stands?: string
  checks?: object[]
}

/** Answers the run 42 where GitHub has these artifacts of it, the newest last, and these open pull requests. */
export async function answer(
  artifacts: Published[],
  { pulls = [pull()], run = {}, forbids, stands, checks = [] }: Given = {},
): Promise<Outcome> {
  const outcome: Outcome = {
    written: [],
    listings: 0,
    said: [],
    bytes: 0,
    error: undefined,
    root: await mkdtemp(join(tmpdir(), 'modelyard-answer-')),
  }
  const listed = artifacts.map(({ name, archive }, id) => ({ id, name, size_in_bytes: archive.length, expired: false }))
  const routes: Array<[RegExp, (match: RegExpExecArray, page: number) => unknown]> = [
    [/^\/pulls$/, () => pulls],
    [/^\/pulls\/(\d+)$/, ([, number]) => pulls.find((each) => (each as { number: number }).number === Number(number))],
    [
      /^\/actions\/runs\/42\/artifacts$/,
      (_, page) => {
        outcome.listings += 1
        return { total_count: listed.length, artifacts: listed.slice((page - 1) * 100, page * 100) }
      },
    ],
    [/^\/check-runs(?:\/\d+)?$/, () => ({ id: 1, html_url: 'https://github.test/checks/1' })],
    [/^\/commits\/\w+\/check-runs$/, () => ({ total_count: checks.length, check_runs: checks })],
    [/^\/issues\/comments\/\d+$/, () => asComment({ body: {} }, 7)],
    [
      /^\/issues\/\d+\/comments$/,
      () => [
        ...(stands === undefined ? [] : [asComment({ body: { body: stands } }, 7)]),
        ...outcome.written.filter(({ path }) => path.endsWith('/comments')).map(asComment),
      ],
    ],
  ]
  const github = connect({
    ...{ token: 't', repository: 'acme/models', apiUrl: 'http://github.test' },
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(String(input))
      const page = Number(searchParams.get('page') ?? 1)
      const path = pathname.replace('/repos/acme/models', '')
      const respond = (response: Response) => Object.defineProperty(response, 'url', { value: String(input) })
      if (path === '/user') return respond(Response.json({ message: 'no' }, { status: 403 }))
      if (forbids?.test(path)) {
        const headers = { 'x-accepted-github-permissions': 'pull_requests=write' }
        return respond(Response.json({ message: 'Resource not accessible by integration' }, { status: 403, headers }))
      }
      if (init?.method === 'POST' || init?.method === 'PATCH')
        outcome.written.push({ path, body: JSON.parse(String(init.body)) })
      const id = /^\/actions\/artifacts\/(\d+)\/zip$/.exec(path)?.[1]
      if (id !== undefined) {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '')!
        const part = artifacts[Number(id)]!.archive.subarray(Number(from), Number(to) + 1)
        outcome.bytes += part.length
        return respond(new Response(new Uint8Array(part), { status: 206 }))
      }
      for (const [pattern, made] of routes) {
        const match = pattern.exec(path)
        if (!match) continue
        const next = `<${String(input).replace(/&page=\d+/, '')}&page=${page + 1}>; rel="next"`
        const headers = path.endsWith('/artifacts') && page * 100 < listed.length ? { link: next } : {}
        return respond(Response.json(made(match, page), { headers }))
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

export const checkOf = ({ written }: Outcome) => written.find(({ path }) => path.startsWith('/check-runs'))!.body
export const bodyOf = ({ written }: Outcome) =>
  String(written.find(({ path }) => path.endsWith('/comments'))?.body.body)
