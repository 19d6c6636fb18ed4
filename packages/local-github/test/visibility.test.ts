import { expect, it } from 'vitest'
import { createFixture } from './fixture.ts'
import { PROMISED } from './operations/promised.ts'

// Who asks is settled before what is asked for, so that names and numbers of nothing will do.
const { github } = await createFixture()
const { token: stranger } = await github.createUser('eve')
await github.createRepository('acme/secret', { owner: 'ann', private: true })
const unprivileged = github.createJobToken('acme/model', {})

const operations = Object.values(PROMISED)
  .flat()
  .filter((each) => each.includes(' /repos/{}/{}'))
const reads = operations.filter((each) => each.startsWith('GET '))
const writes = operations.filter((each) => !each.startsWith('GET '))

let asked = 0

async function statusOf(operation: string, repository: string, token?: string): Promise<number> {
  const [method, path] = operation.split(' ') as [string, string]
  // Without a token there are 60 requests an hour.
  if (!token && ++asked % 50 === 0) await github.advance(3_600_000)
  const isUpload = operation === 'POST /repos/{}/{}/releases/{}/assets'
  const root = isUpload ? `${github.url}/api/uploads` : github.apiUrl
  const filled = path.replace('/{}/{}', `/${repository}`).replaceAll('{}', '1')
  const response = await fetch(`${root}${filled}${isUpload ? '?name=a' : ''}`, {
    method,
    redirect: 'manual',
    headers: token ? { authorization: `token ${token}` } : {},
    ...(method !== 'GET' && { body: '{}' }),
  })
  await response.arrayBuffer()
  return response.status
}

async function statusesOf(chosen: readonly string[], repository: string, token?: string) {
  const statuses: Record<string, number> = {}
  for (const operation of chosen) statuses[operation] = await statusOf(operation, repository, token)
  return statuses
}

const without = (statuses: Record<string, number>, ...usual: number[]) =>
  Object.fromEntries(Object.entries(statuses).filter(([, status]) => !usual.includes(status)))

it('a private repository is not there for a stranger, nor for another repository’s job', async () => {
  for (const token of [stranger, unprivileged, undefined])
    expect(without(await statusesOf(operations, 'acme/secret', token), 404)).toEqual({})
}, 60_000)

it('a job without permissions reads of its public repository what everybody does, and writes nothing', async () => {
  const everybody = await statusesOf(reads, 'acme/model')
  const job = await statusesOf(reads, 'acme/model', unprivileged)
  const open = reads.filter(
    (each) => ![401, 403].includes(everybody[each]!) && !/\/(protection|immutable)\b/.test(each),
  )
  expect(open.length).toBeGreaterThan(100)
  for (const each of open) expect([each, job[each]]).toEqual([each, everybody[each]])
  // Nobody's collaborator is named `1`.
  const account = { 'DELETE /repos/{}/{}/collaborators/{}': 404 }
  expect(without(await statusesOf(writes, 'acme/model', unprivileged), 401, 403)).toEqual(account)
}, 60_000)

it('the key that secrets are sealed with is for who has a token', async () => {
  for (const place of ['actions', 'environments/{}']) {
    const operation = `GET /repos/{}/{}/${place}/secrets/public-key`
    expect([place, await statusOf(operation, 'acme/model')]).toEqual([place, 401])
    expect([place, await statusOf(operation, 'acme/model', unprivileged)]).toEqual([place, 403])
    expect(await statusOf(operation, 'acme/model', stranger)).toBe(place === 'actions' ? 200 : 404)
  }
})
