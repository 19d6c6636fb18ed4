import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { at, type GitHub, listBranchPullRequests, updatePullRequest } from '@modelyard/github'
import { artifactName, type DriftColumn, retrainBranch, type Statement, statement, writeRecord } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callsToDieAfter, forEachCall } from '../../registry/test/support/kill.ts'
import { dyingAfter, openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { retrain, type StepContext } from '../src/index.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const MODEL = 'flight-delay'
const BRANCH = retrainBranch(MODEL)
const RUN = '42'

let server: Server
let folder: string
beforeAll(async () => {
  server = await openServer()
  folder = await mkdtemp(join(tmpdir(), 'modelyard-retrain-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** What a check found: the columns that moved away, none for a pass. */
function drift(moved: string[], run: string, warned: string[] = []): Statement<'drift'> {
  const names = new Set(['hour', 'origin', 'distance', ...moved])
  const columns = [...names].map((name): DriftColumn => {
    const verdict = moved.includes(name) ? 'fail' : warned.includes(name) ? 'warn' : 'pass'
    const value = verdict === 'fail' ? 0.14 : 0.01
    return {
      ...{ name, kind: 'number', verdict, reason: `${name} was compared.`, since: null, trend: [] },
      measures: [
        {
          ...{ metric: 'ks', value, p: 0.001, verdict, floor: { warn: 0.05, alarm: 0.1 } },
          method: { binning: 'percentiles of the reference', bins: 100, zero_rule: 'none', base: null },
          usual: { low: 0.01, high: 0.02, windows: 8 },
        },
      ],
      picture: { labels: ['low', 'high'], before: [0.5, 0.5], after: [0.4, 0.6] },
    }
  })
  return statement('drift', [], {
    ...{
      model: MODEL,
      verdict: moved.length > 0 ? 'fail' : warned.length > 0 ? 'warn' : 'pass',
      reasons: ['It was compared.'],
      hints: [],
    },
    source: { tree: null, dirty: false },
    engine: { modelyard: '0.1.0' },
    run: { started: '2001-06-01T05:23:00.000Z', finished: '2001-06-01T05:24:00.000Z', id: run },
    champion: { version: 'v1.1.0', stage: 'production', sha256: 'a'.repeat(64) },
    profile: { sha256: 'b'.repeat(64), rows: 10_000, windows: 8 },
    data: { sha256: 'c'.repeat(64), files: [], rows: 2_000 },
    window: { span: '7d', start: '2001-05-24T00:00:00.000Z', end: '2001-05-31T00:00:00.000Z', rows: 2_000 },
    columns,
  })
}

const CHANGES = [{ path: 'params.yaml', content: 'months: [4, 5]\n', executable: false }]

/** One run of the job that answers a check. */
async function answer(
  repository: Repository,
  moved: string[],
  options: {
    github?: GitHub
    changes?: unknown
    trained?: boolean
    run?: string
    commit?: string
    warned?: string[]
  } = {},
) {
  const { github = repository.connect(), changes = CHANGES, trained = true, run = RUN } = options
  const root = await mkdtemp(join(folder, 'checkout-'))
  const frozen = (kind: string) =>
    readFile(join(import.meta.dirname, `../../spec/test/fixtures/records/${kind}-v1.json`), 'utf8')
  const published: Record<string, string> = {
    [`${artifactName(MODEL, 'drift')}/drift.json`]: writeRecord(drift(moved, run, options.warned) as Statement),
    [`${artifactName(MODEL, 'drift')}/changes.json`]: JSON.stringify(changes),
  }
  if (trained) {
    for (const kind of ['validation', 'training', 'gate'])
      published[`${artifactName(MODEL, kind)}/${kind}.json`] = (await frozen(kind)).replace(
        '"id":"42"',
        `"id":"${run}"`,
      )
  }
  await writeFile(join(root, 'model.yaml'), MODEL_FILE)
  const context: StepContext = {
    ...{ root, github, log: { info: () => {}, warn: () => {}, group: (_, work) => work() } },
    run: {
      ...{ id: run, trusted: true, repository: 'acme/flight-delay', url: `https://github.com/acme/runs/${run}` },
      commit: options.commit ?? (await repository.git('rev-parse', 'main')),
    },
    store: {
      publish: async () => {},
      collect: async (inbox) => {
        for (const [path, text] of Object.entries(published)) {
          await mkdir(dirname(join(inbox, path)), { recursive: true })
          await writeFile(join(inbox, path), text)
        }
        return [...new Set(Object.keys(published).map((path) => dirname(path)))]
      },
    },
  }
  const [record] = await retrain(context, { model: 'model.yaml' })
  return record!.predicate
}

const MODEL_FILE = `
name: ${MODEL}
task: binary-classification
data: { train: a.parquet, holdout: b.parquet, label: late }
train: { run: python train.py, inputs: [train.py], model: out/model.onnx }
evaluate: { metrics: [roc_auc], gates: [{ metric: roc_auc, min: 0.6 }] }
drift: { data: c.parquet, window: 7d, update: sh move-on.sh }
`

const pulls = (repository: Repository) => listBranchPullRequests(repository.connect(), BRANCH)

async function commentsOf(repository: Repository, number: number): Promise<string[]> {
  const github = repository.connect()
  const { data } = await github.octokit.rest.issues.listComments({ ...at(github), issue_number: number })
  return data.map(({ body }) => body ?? '')
}

/** Somebody else's commit on the branch. */
async function pushTo(repository: Repository): Promise<string> {
  const github = repository.connect()
  const { data } = await github.octokit.rest.repos.createOrUpdateFileContents({
    ...at(github),
    ...{ path: 'notes.md', branch: BRANCH, message: 'Look at this', content: Buffer.from('hm').toString('base64') },
  })
  return data.commit.sha!
}

describe('the retrain pull request of a model', () => {
  it('is opened with what moves the data on, the drift, and the report on its candidate', async () => {
    const repository = await server.repository()
    expect(await answer(repository, ['distance'])).toMatchObject({ outcome: 'opened', branch: BRANCH })
    const [pull] = await pulls(repository)
    expect(pull).toMatchObject({ state: 'open', title: expect.stringContaining('Retrain `flight-delay`') })
    expect(await repository.git('diff', '--stat', `main...${BRANCH}`)).toMatch(/params\.yaml \| 1 \+\n/)
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Trained-In,valueonly)', BRANCH)).toMatch(/^42/)
    expect(await commentsOf(repository, pull!.number)).toEqual([
      expect.stringContaining('modelyard:report:flight-delay'),
    ])
  })

  it('has no commit but an empty one where nothing says how to move the data on', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'], { changes: [], trained: false })
    expect(await repository.git('diff', '--stat', `main...${BRANCH}`)).toBe('')
    expect(await repository.git('rev-list', '--count', `main..${BRANCH}`)).toBe('1')
    expect(await pulls(repository)).toHaveLength(1)
  })

  it('is the same one when the check finds the same again, and is brought onto a base that moved', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    const [first] = await pulls(repository)
    expect(await answer(repository, ['distance'])).toMatchObject({ outcome: 'unchanged' })
    expect(await pulls(repository)).toEqual([first])
    const github = repository.connect()
    await github.octokit.rest.repos.createOrUpdateFileContents({
      ...at(github),
      ...{ path: 'other.md', branch: 'main', message: 'Go on', content: 'aG0=' },
    })
    expect(await answer(repository, ['distance'])).toMatchObject({ outcome: 'updated' })
    const [second] = await pulls(repository)
    expect(second!.number).toBe(first!.number)
    expect(await repository.git('merge-base', 'main', BRANCH)).toBe(await repository.git('rev-parse', 'main'))
    expect(await repository.git('merge-base', first!.head, BRANCH)).toBe(first!.head)
  })

  it('closes itself when production is back, and says why', async () => {
    const repository = await server.repository()
    expect(await answer(repository, [])).toMatchObject({ outcome: 'none', pull_request: null })
    await answer(repository, ['distance'])
    expect(await answer(repository, [])).toMatchObject({ outcome: 'closed' })
    const [pull] = await pulls(repository)
    expect(pull?.state).toBe('closed')
    expect((await commentsOf(repository, pull!.number)).at(-1)).toContain('modelyard:cleared:flight-delay')
    // What closed itself was not refused by anybody: the same drift, when it comes back, is asked about again.
    expect(await answer(repository, ['distance'])).toMatchObject({ outcome: 'opened' })
  })

  it('stays closed for the drift that somebody closed it for, and is opened for another', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    const [pull] = await pulls(repository)
    await updatePullRequest(repository.connect(), pull!.number, { state: 'closed' })
    expect(await answer(repository, ['distance'])).toMatchObject({
      outcome: 'left',
      reasons: [expect.stringMatching(/answered this very drift and was closed: reopen it/)],
    })
    expect(await answer(repository, ['distance', 'weekday'])).toMatchObject({ outcome: 'opened' })
    expect((await pulls(repository)).map(({ state }) => state)).toEqual(['open', 'closed'])
  })

  it('stays closed for what was closed before, however the drift flickers', async () => {
    const repository = await server.repository()
    const close = async () => {
      const [open] = await pulls(repository)
      await updatePullRequest(repository.connect(), open!.number, { state: 'closed' })
    }
    await answer(repository, ['distance', 'weekday'])
    await close()
    expect(await answer(repository, ['distance'])).toMatchObject({ outcome: 'left' })
    expect(await answer(repository, ['weekday', 'carrier'])).toMatchObject({ outcome: 'opened' })
    await close()
    expect(await answer(repository, ['distance', 'carrier'])).toMatchObject({ outcome: 'left' })
  })

  it('stands on the commit that was checked, so that nothing merged meanwhile is taken back', async () => {
    const repository = await server.repository()
    const checked = await repository.git('rev-parse', 'main')
    const github = repository.connect()
    const merged = {
      path: 'params.yaml',
      branch: 'main',
      message: 'Tune',
      content: Buffer.from('lr: 1').toString('base64'),
    }
    await github.octokit.rest.repos.createOrUpdateFileContents({ ...at(github), ...merged })
    await answer(repository, ['distance'], { commit: checked })
    expect(await repository.git('merge-base', 'main', BRANCH)).toBe(checked)
  })

  it('is theirs who amended its commit, trailers and all', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    const github = repository.connect()
    const held = await repository.git('log', '-1', '--format=%B', BRANCH)
    const { data: tree } = await github.octokit.rest.git.createTree({
      ...at(github),
      base_tree: await repository.git('rev-parse', `${BRANCH}^{tree}`),
      tree: [{ path: 'params.yaml', mode: '100644', type: 'blob', content: 'mine\n' }],
    })
    const parents = [await repository.git('rev-parse', `${BRANCH}^`)]
    const { data: commit } = await github.octokit.rest.git.createCommit({
      ...at(github),
      message: held,
      tree: tree.sha,
      parents,
    })
    await github.octokit.rest.git.updateRef({ ...at(github), ref: `heads/${BRANCH}`, sha: commit.sha, force: true })
    await answer(repository, ['distance'], { changes: [{ ...CHANGES[0], content: 'theirs\n' }] })
    expect(await repository.git('show', `${BRANCH}:params.yaml`)).toBe('mine')
    expect(await answer(repository, [])).toMatchObject({ outcome: 'left' })
  })

  it('is theirs who pushed to it: the branch is left, the text is kept, and nothing closes it', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    const theirs = await pushTo(repository)
    expect(await answer(repository, ['distance', 'weekday'])).toMatchObject({
      outcome: 'updated',
      reasons: [expect.stringContaining('Somebody pushed to its branch, which is left as it is.')],
    })
    const [pull] = await pulls(repository)
    expect(pull).toMatchObject({ head: theirs, body: expect.stringContaining('weekday') })
    expect(await answer(repository, [])).toMatchObject({ outcome: 'left' })
    expect((await pulls(repository)).map(({ state, head }) => [state, head])).toEqual([['open', theirs]])
    expect((await commentsOf(repository, pull!.number)).at(-1)).toContain('so it stays open')
  })

  it('keeps the name that somebody gave it', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    const github = repository.connect()
    const { number } = (await pulls(repository))[0]!
    await github.octokit.rest.pulls.update({ ...at(github), pull_number: number, title: 'Kilometres again' })
    await answer(repository, ['distance', 'weekday'])
    expect(await pulls(repository)).toMatchObject([{ number, title: 'Kilometres again' }])
  })

  it('is not made of a branch that others left behind', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    await pushTo(repository)
    const [pull] = await pulls(repository)
    await updatePullRequest(repository.connect(), pull!.number, { state: 'closed' })
    expect(await answer(repository, ['weekday'])).toMatchObject({
      outcome: 'left',
      reasons: [
        `The branch ${BRANCH} holds commits of somebody else and has no open pull request: open one, or delete the branch, and run this again.`,
      ],
    })
  })

  it.each([
    ['a workflow', [{ path: '.github/workflows/x.yml', content: 'on: push', executable: false }]],
    ['git’s own folder', [{ path: '.git/config', content: '', executable: false }]],
    ['a place outside', [{ path: '../x', content: '', executable: false }]],
    [
      'more than anybody reads',
      Array.from({ length: 101 }, (_, i) => ({ path: `${i}`, content: '', executable: false })),
    ],
  ])('does not carry %s', async (_, changes) => {
    const repository = await server.repository()
    await expect(answer(repository, ['distance'], { changes })).rejects.toThrow(
      /^What drift\.update of flight-delay changed cannot become a pull request/,
    )
    expect(await pulls(repository)).toEqual([])
  })

  it('closes when what it answers is back, although something else begins to move', async () => {
    const repository = await server.repository()
    await answer(repository, ['distance'])
    expect(await answer(repository, [], { warned: ['distance'] })).toMatchObject({ outcome: 'none' })
    expect(await answer(repository, [], { warned: ['hour'] })).toMatchObject({ outcome: 'closed' })
  })

  it('is one, also when two checks end at once', async () => {
    for (let race = 0; race < 3; race++) {
      const repository = await server.repository()
      await Promise.all([answer(repository, ['distance']), answer(repository, ['distance'], { run: '43' })])
      const found = await pulls(repository)
      expect(found.map(({ state }) => state)).toEqual(['open'])
      expect(await commentsOf(repository, found[0]!.number)).toHaveLength(1)
    }
  })
})

describe('killed after any answer and run again', () => {
  /** What is there, without times and what differs by them. */
  async function look(repository: Repository) {
    const found = await pulls(repository)
    const github = repository.connect()
    return {
      refs: (await repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).split('\n'),
      tree: await repository.git('ls-tree', '-r', BRANCH),
      commits: await repository.git('log', '--format=%s %(trailers:only,unfold)', `main..${BRANCH}`),
      pulls: await Promise.all(
        found.map(async ({ number, state, title, body, head }) => {
          const checks = await github.octokit.rest.checks.listForRef({ ...at(github), ref: head })
          const said = checks.data.check_runs.map(({ name, conclusion }) => [name, conclusion])
          const comments = (await commentsOf(repository, number)).map((text) =>
            text.replaceAll(head, 'HEAD').replaceAll(head.slice(0, 7), 'HEAD'),
          )
          return { state, title, body, comments, checks: said }
        }),
      ),
    }
  }

  it.each([
    ['an answer to an alarm', [] as string[][], ['distance']],
    ['an update', [['distance']], ['distance', 'weekday']],
    ['a withdrawal', [['distance']], []],
  ])('%s ends the same', async (name, before, moved) => {
    const open = async () => {
      const repository = await server.repository()
      for (const each of before) await answer(repository, each)
      return repository
    }
    const changes = [{ path: 'params.yaml', content: `columns: ${moved.length}\n`, executable: false }]
    const undisturbed = await open()
    const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed, (github) =>
      answer(undisturbed, moved, { github, changes }),
    )
    const end = await look(undisturbed)
    const calls = callsToDieAfter(process)
    await forEachCall(calls, async (call) => {
      const repository = await open()
      const { outcome } = await dyingAfter(call, repository, (github) => answer(repository, moved, { github, changes }))
      expect(outcome).toBe('dead')
      await answer(repository, moved, { changes })
      expect(await look(repository), `killed after call ${call}, ${process.answered[call - 1]}`).toEqual(end)
    })
    console.log(
      `retrain, ${name}: killed after ${calls.length} of its ${process.answered.length} API calls and run again, ${calls.length} equal ends`,
    )
  })
})
