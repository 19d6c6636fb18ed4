import { afterEach, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'
import { refusal } from './semantics/support.ts'

const { github, octokit, owner, repo } = await createFixture()
const at = { owner, repo }
const { faults } = github
afterEach(() => faults.clear())

const titles = async () => (await octokit.issues.listForRepo(at)).data.map(({ title }) => title)
const create = (title: string) => octokit.issues.create({ ...at, title })

it('answers with a status instead of doing what was asked for, as often as it is told, from the nth request on', async () => {
  const fault = faults.add({
    match: { method: 'POST', path: '/issues', nth: 2, times: 2 },
    fault: { kind: 'status', status: 503 },
  })
  await create('first')
  expect(await refusal(create('second'))).toMatchObject({ status: 503, body: { message: 'Fault 503' } })
  expect((await refusal(create('third'))).status).toBe(503)
  await create('fourth')
  expect([fault.hits(), await titles()]).toEqual([2, ['fourth', 'first']])
})

it('loses the answer to what was done', async () => {
  faults.add({ match: { method: 'POST' }, fault: { kind: 'status', status: 502, when: 'after' } })
  expect((await refusal(create('done and lost'))).status).toBe(502)
  faults.add({ match: { path: /\/issues$/ }, fault: { kind: 'dropped', when: 'after' } })
  await expect(create('done and dropped')).rejects.toThrow(/other side closed|fetch failed/)
  expect(await titles()).toEqual(expect.arrayContaining(['done and lost', 'done and dropped']))
})

it('breaks the connection before anything is done', async () => {
  faults.add({ match: { method: 'POST' }, fault: { kind: 'dropped', when: 'before' } })
  await expect(create('never done')).rejects.toThrow()
  expect(await titles()).not.toContain('never done')
})

it('asks to wait, as a secondary rate limit does', async () => {
  faults.add({ match: {}, fault: { kind: 'secondary-limit', retryAfter: 7 } })
  const refused = await octokit.repos.get(at).catch((error) => error)
  expect(refused).toMatchObject({ status: 403, response: { headers: { 'retry-after': '7' } } })
  expect(refused.message).toMatch(/secondary rate limit/)
})

it('cuts an answer in the middle', async () => {
  faults.add({ match: {}, fault: { kind: 'truncated', bytes: 20 } })
  const response = await fetch(`${github.apiUrl}/repos/acme/model`)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
})

it('answers late, and tells when a request has come', async () => {
  const come: string[] = []
  faults.add({ match: {}, before: () => come.push('come'), fault: { kind: 'slow', milliseconds: 30 } })
  const begin = performance.now()
  await octokit.repos.get(at)
  expect(performance.now() - begin).toBeGreaterThan(25)
  expect(come).toEqual(['come'])
})

it('stops a client after its nth call: that one was done, and nothing is answered any more', async () => {
  const { promise: dead, resolve: kill } = Promise.withResolvers<void>()
  const answered = faults.stopAfter(2, kill, { path: '/issues' })
  await create('call one')
  const second = create('call two')
  await dead
  const third = create('call three')
  const settled = await Promise.race(
    [second, third]
      .map((call) =>
        call.then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .concat(new Promise<string>((late) => setTimeout(late, 50, 'silent'))),
  )
  expect(settled).toBe('silent')
  faults.clear()
  expect(answered).toEqual(['POST /api/v3/repos/acme/model/issues', 'POST /api/v3/repos/acme/model/issues'])
  expect((await titles()).slice(0, 2)).toEqual(['call two', 'call one'])
})

it('breaks an upload half-way: an asset without bytes keeps its name until it is deleted', async () => {
  const { data: release } = await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
  const upload = () =>
    octokit.repos.uploadReleaseAsset({
      ...at,
      ...{
        release_id: release.id,
        name: 'model.onnx',
        data: 'x'.repeat(3_000_000),
        baseUrl: github.apiUrl.replace('/v3', '/uploads'),
      },
    })
  faults.add({ match: { path: 'name=model.onnx' }, fault: { kind: 'broken-upload', bytes: 1_000_000 } })
  await expect(upload()).rejects.toThrow()
  const assets = async () => (await octokit.repos.listReleaseAssets({ ...at, release_id: release.id })).data
  expect((await assets()).map(({ name, state }) => [name, state])).toEqual([['model.onnx', 'starter']])
  expect((await refusal(upload())).status).toBe(422)
  await octokit.repos.deleteReleaseAsset({ ...at, asset_id: (await assets())[0]!.id })
  expect((await upload()).status).toBe(201)
})

it('refuses a fault that is written wrongly, instead of hitting nothing or everything', () => {
  const wrong: [rule: unknown, says: string][] = [
    [{ match: {}, fault: { kind: 'explode' } }, 'There is no fault of the kind explode: name one of status, '],
    [{ match: {}, fault: { kind: 'constructor' } }, 'There is no fault of the kind constructor'],
    [{ match: { methd: 'GET' } }, 'The match of a fault has no methd: name method, path, nth, times.'],
    [{ fault: { kind: 'slow', milliseconds: 1 } }, 'A fault rule needs a match'],
    [{ match: {}, fautl: {} }, 'A fault rule has match, fault and before, no fautl.'],
    [{ match: {}, fault: { kind: 'slow', ms: 1 } }, 'A fault of the kind slow has no ms: name milliseconds.'],
    [{ match: {}, fault: { kind: 'truncated' } }, 'A fault of the kind truncated needs bytes, a number from 0 on.'],
    [{ match: {}, fault: { kind: 'status', status: 5000 } }, 'status is a status from 200 to 599, not 5000.'],
    [{ match: { nth: 0 } }, 'nth is a whole number from 1 on, not 0.'],
  ]
  for (const [rule, says] of wrong) expect(() => faults.add(rule as never)).toThrow(says)
  expect(() => faults.stopAfter(Number.NaN, () => {})).toThrow('stopAfter takes a whole number from 1 on of calls')
  expect(() => faults.stopAfter(1, () => {}, { nth: 1 } as never)).toThrow('The match of stopAfter has no nth')
})
