import { expect, it } from 'vitest'
import { createApp } from '../src/http/app.ts'
import type { Served } from '../src/http/contract.ts'
import { digestOf, loadDescription } from '../src/http/description.ts'
import { createRateLimits } from '../src/http/rate-limits.ts'
import type { Hub } from '../src/hub.ts'
import { createClock } from '../src/store/clock.ts'
import { DESCRIBED_TWICE, PROMISED } from './operations/promised.ts'
import { servedOperations } from './served-operations.ts'

/** What a server that answers one route in some way makes of a request. */
async function ask(
  route: string,
  answer: () => Response,
  request: RequestInit = {},
  path = '/repos/acme/model/topics',
) {
  const served: Served[] = []
  const hub = { contract: true, onServed: (each: Served) => served.push(each), limits: createRateLimits(createClock()) }
  const app = createApp(hub as unknown as Hub)
  app.on(request.method ?? 'GET', route, answer)
  const response = await app.request(path, request)
  return { status: response.status, text: await response.text(), served }
}

const topics = '/repos/:owner/:repo/topics'

it('lets pass what is as GitHub describes it, and tells of it', async () => {
  const { status, served } = await ask(topics, () => Response.json({ names: ['ml'] }))
  expect(status).toBe(200)
  expect(served).toEqual([
    { method: 'GET', path: '/repos/acme/model/topics', status: 200, operation: 'repos/get-all-topics' },
  ])
})

it('answers 500 in place of a body that lacks or mistypes a member', async () => {
  const lacking = await ask(topics, () => Response.json({}))
  expect(lacking).toMatchObject({ status: 500, text: expect.stringContaining("must have required property 'names'") })
  const mistyped = await ask(topics, () => Response.json({ names: [1] }))
  expect(mistyped.text).toContain('/names/0 must be string')
})

it('answers 500 in place of a status that GitHub never answers, and of an error without a message', async () => {
  expect((await ask(topics, () => Response.json({}, { status: 202 }))).text).toContain('never answers 202')
  expect((await ask(topics, () => Response.json({}, { status: 422 }))).text).toContain('without a message')
})

it('answers 500 where a request succeeded that GitHub would have refused', async () => {
  const request = { method: 'PUT', body: '{"names":"ml"}', headers: { 'content-type': 'application/json' } }
  const { text } = await ask(topics, () => Response.json({ names: ['ml'] }), request)
  expect(text).toContain('took a request that is not as described: /names must be array')
})

it('answers 500 for an operation that GitHub does not have', async () => {
  const { text } = await ask('/unheard', () => Response.json({}), {}, '/unheard')
  expect(text).toContain('GET /unheard is no operation that GitHub describes')
})

it('has a description of what it serves and of nothing else, as the script took it over', () => {
  const { source, digest, ...content } = loadDescription()
  expect(Object.keys(content.operations).sort()).toEqual(servedOperations())
  expect(source).toMatch(/^@octokit\/openapi@/)
  expect(digestOf(content)).toBe(digest)
})

it('serves every operation that is promised', () => {
  const served = new Set(servedOperations())
  const promised = Object.values(PROMISED).flat()
  expect(promised.filter((key) => !served.has(DESCRIBED_TWICE[key] ?? key))).toEqual([])
  expect(new Set(promised).size).toBe(361)
})
