import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from 'emulate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareAnswers, type Difference } from '../second-opinions/compare.ts'
import { describeDifferences, explain } from '../second-opinions/explain.ts'
import { OF_EMULATE, OF_RECORDINGS } from '../second-opinions/explanations.ts'
import { replay } from '../second-opinions/recordings.ts'
import { converse, SCRIPT } from '../second-opinions/script.ts'
import { repositoryOf, SEEDS, seed, USER_A, USER_B } from '../second-opinions/seeds.ts'
import { type LocalGitHub, startLocalGitHub } from '../src/index.ts'
import { connect } from './fixture.ts'

const root = await mkdtemp(join(tmpdir(), 'local-github-opinions-'))
afterAll(() => rm(root, { recursive: true, force: true }))

// What they know and ours does not is to look as it does for a user: 404.
const start = (name: string) => startLocalGitHub({ root: join(root, name), contract: false })
const found: Record<'recordings' | 'emulate', Difference[]> = { recordings: [], emulate: [] }

describe('what GitHub was recorded to answer, we answer', () => {
  // Recordings of one repository begin from the same state.
  const [first, ...later] = Object.keys(SEEDS)
  let github: LocalGitHub
  let tokens: [string, string]

  beforeAll(async () => {
    github = await start('recordings')
    tokens = [(await github.createUser(USER_A)).token, (await github.createUser(USER_B)).token]
  })
  afterAll(() => github.close())

  it.each([first!, ...later])('%s', async (scenario) => {
    const known = await seed(github, connect(github.apiUrl, tokens[0]), scenario)
    expect(known['repositories/1000'], repositoryOf(scenario)).toBeDefined()
    const uploadUrl = github.apiUrl.replace('/v3', '/uploads')
    const differences = await replay(scenario, { apiUrl: github.apiUrl, uploadUrl, tokens }, known)
    found.recordings.push(...differences)
    expect(explain(differences, OF_RECORDINGS).unexplained).toEqual([])
  })
})

/** emulate tells its address by the port that it was given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

it('has the same conversation as emulate, but for gaps of emulate that are named', async () => {
  const tokens = { secret: { login: 'ann', scopes: ['repo'] } }
  const repository = { owner: 'ann', name: 'model', private: false, auto_init: false }
  const seed = { tokens, github: { users: [{ login: 'ann' }], repos: [repository] } }
  const emulator = await createEmulator({ service: 'github', port: await freePort(), seed: seed as never })
  const github = await start('emulate')
  try {
    const { token } = await github.createUser('ann')
    await github.createRepository('ann/model', { owner: 'ann' })
    const [theirs, ours] = [await converse(emulator.url, 'secret'), await converse(github.apiUrl, token)]
    found.emulate = SCRIPT.flatMap(({ name }) => compareAnswers(name, theirs.get(name)!, ours.get(name)!))
    expect(explain(found.emulate, OF_EMULATE).unexplained).toEqual([])
  } finally {
    await emulator.close()
    await github.close()
  }
})

it('writes the differences into the documentation, and excuses nothing that is gone', async () => {
  const recordings = explain(found.recordings, OF_RECORDINGS)
  const emulate = explain(found.emulate, OF_EMULATE)
  expect([...recordings.stale, ...emulate.stale]).toEqual([])
  const text = [
    '<!-- Written by packages/local-github/test/second-opinions.test.ts: run it with -u. -->',
    '# Second opinions on the local GitHub',
    'Every difference that was found between the [local GitHub](../packages/local-github/README.md) and others that speak of GitHub. One that is not listed fails a test.',
    describeDifferences(
      'Recorded answers of GitHub',
      `${Object.keys(SEEDS).length} conversations of \`@octokit/fixtures\` 23.1.2, said again to the local GitHub.`,
      recordings.explained,
    ),
    describeDifferences(
      'emulate 0.12.2',
      `One conversation of ${SCRIPT.length} requests with both.`,
      emulate.explained,
    ),
  ].join('\n\n')
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/local-github-second-opinions.md')
})
