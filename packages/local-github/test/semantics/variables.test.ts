import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo } = fixture
const at = { owner, repo }
const org = owner
const make = (name: string, value = '1') => octokit.actions.createRepoVariable({ ...at, name, value })

it('variables/names-in-upper-case', async () => {
  await make('Region')
  expect((await octokit.actions.getRepoVariable({ ...at, name: 'region' })).data.name).toBe('REGION')
})

it('variables/github-prefix', async () => {
  expect(await refusal(make('GitHub_thing'))).toMatchObject({ status: 422 })
})

it('variables/name-characters', async () => {
  for (const name of ['1ST', 'WITH-HYPHEN', 'WITH SPACE'])
    expect(await refusal(make(name))).toMatchObject({ status: 422, body: { message: /can only contain alphanumeric/ } })
})

it('variables/once', async () => {
  await make('ONCE')
  expect(await refusal(make('once', '2'))).toMatchObject({ status: 409 })
})

it('variables/size', async () => {
  await make('LARGE', 'x'.repeat(48 * 1024))
  expect(await refusal(make('TOO_LARGE', 'x'.repeat(48 * 1024 + 1)))).toMatchObject({ status: 422 })
})

it('variables/hundred-of-an-environment', async () => {
  await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'live' })
  const put = (number: number) =>
    octokit.actions.createEnvironmentVariable({ ...at, environment_name: 'live', name: `V${number}`, value: 'x' })
  await Promise.all(Array.from({ length: 100 }, (_, number) => put(number)))
  expect(await refusal(put(100))).toMatchObject({ status: 422 })
})

it('variables/pages-of-ten', async () => {
  for (let number = 0; number < 31; number++) await make(`PAGE_${number}`)
  expect((await octokit.actions.listRepoVariables(at)).data.variables).toHaveLength(10)
  expect((await octokit.actions.listRepoVariables({ ...at, per_page: 100 })).data.variables).toHaveLength(30)
})

it('variables/selected-repositories', async () => {
  await octokit.actions.createOrgVariable({ org, name: 'ALL', value: '1', visibility: 'all' })
  const call = octokit.actions.listSelectedReposForOrgVariable({ org, name: 'ALL' })
  expect(await refusal(call)).toMatchObject({ status: 409 })
})

it('variables/secrets-are-sealed', async () => {
  const { data } = await octokit.actions.getRepoPublicKey(at)
  const encrypted_value = Buffer.from('in plain text').toString('base64')
  const call = octokit.actions.createOrUpdateRepoSecret({
    ...at,
    secret_name: 'S',
    encrypted_value,
    key_id: data.key_id,
  })
  expect(await refusal(call)).toMatchObject({
    status: 422,
    body: { message: 'Bad request - validation failed due to an improperly encrypted secret' },
  })
})
