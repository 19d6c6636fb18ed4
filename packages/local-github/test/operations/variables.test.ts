import sodium from 'libsodium-wrappers'
import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github } = fixture
const at = { owner, repo }
const org = owner
await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'live/eu' })
const inEnvironment = { ...at, environment_name: 'live/eu' }
await github.createRepository('acme/other', { owner: 'ann', private: true })
const { data: model } = await octokit.repos.get(at)
const { data: other } = await octokit.repos.get({ owner, repo: 'other' })

/** As the guides say that a secret is to be sealed. */
async function seal(value: string, { key, key_id }: { key: string; key_id: string }) {
  await sodium.ready
  const sealed = sodium.crypto_box_seal(value, Buffer.from(key, 'base64'))
  return { encrypted_value: Buffer.from(sealed).toString('base64'), key_id }
}

it('keeps the variables of a repository', async () => {
  await octokit.actions.createRepoVariable({ ...at, name: 'region', value: 'eu' })
  expect((await octokit.actions.getRepoVariable({ ...at, name: 'Region' })).data).toMatchObject({
    name: 'REGION',
    value: 'eu',
  })
  await octokit.actions.updateRepoVariable({ ...at, name: 'REGION', value: 'us' })
  await octokit.actions.createRepoVariable({ ...at, name: 'AGE', value: '7' })
  const { data } = await octokit.actions.listRepoVariables(at)
  expect(data).toMatchObject({ total_count: 2, variables: [{ name: 'AGE' }, { name: 'REGION', value: 'us' }] })
  await octokit.request('PATCH /repos/{owner}/{repo}/actions/variables/{name}', {
    ...at,
    name: 'AGE',
    data: { name: 'days' },
  })
  expect((await octokit.actions.getRepoVariable({ ...at, name: 'DAYS' })).data.value).toBe('7')
  await octokit.actions.deleteRepoVariable({ ...at, name: 'DAYS' })
  expect(await refusal(octokit.actions.getRepoVariable({ ...at, name: 'DAYS' }))).toMatchObject({ status: 404 })
})

it('keeps the variables of an environment apart from those of its repository', async () => {
  await octokit.actions.createEnvironmentVariable({ ...inEnvironment, name: 'REGION', value: 'eu-west' })
  await octokit.actions.updateEnvironmentVariable({ ...inEnvironment, name: 'REGION', value: 'eu-north' })
  expect((await octokit.actions.getEnvironmentVariable({ ...inEnvironment, name: 'REGION' })).data.value).toBe(
    'eu-north',
  )
  expect((await octokit.actions.listEnvironmentVariables(inEnvironment)).data.total_count).toBe(1)
  expect((await octokit.actions.getRepoVariable({ ...at, name: 'REGION' })).data.value).toBe('us')
  await octokit.actions.deleteEnvironmentVariable({ ...inEnvironment, name: 'REGION' })
  expect((await octokit.actions.listEnvironmentVariables(inEnvironment)).data.variables).toEqual([])
})

it('shows an organization’s variables to the repositories that it chose', async () => {
  const name = 'BUCKET'
  await octokit.actions.createOrgVariable({
    org,
    name,
    value: 'models',
    visibility: 'selected',
    selected_repository_ids: [model.id],
  })
  await octokit.actions.createOrgVariable({ org, name: 'INTERNAL', value: '1', visibility: 'private' })
  const shownTo = async (repo: string) =>
    (await octokit.actions.listRepoOrganizationVariables({ owner, repo })).data.variables.map((row) => row.name)
  expect(await shownTo('model')).toEqual(['BUCKET'])
  expect(await shownTo('other')).toEqual(['INTERNAL'])

  await octokit.actions.addSelectedRepoToOrgVariable({ org, name, repository_id: other.id })
  const { data: both } = await octokit.actions.listSelectedReposForOrgVariable({ org, name })
  expect(both.repositories.map((row) => row.full_name)).toEqual(['acme/model', 'acme/other'])
  await octokit.actions.removeSelectedRepoFromOrgVariable({ org, name, repository_id: model.id })
  expect(await shownTo('model')).toEqual([])
  await octokit.actions.setSelectedReposForOrgVariable({ org, name, selected_repository_ids: [model.id] })
  expect(await shownTo('other')).toEqual(['INTERNAL'])

  await octokit.actions.updateOrgVariable({ org, name, value: 'all-models', visibility: 'all' })
  expect((await octokit.actions.getOrgVariable({ org, name })).data).toMatchObject({
    value: 'all-models',
    visibility: 'all',
  })
  expect((await octokit.actions.listOrgVariables({ org })).data.total_count).toBe(2)
  await octokit.actions.deleteOrgVariable({ org, name })
  expect(await shownTo('model')).toEqual([])
})

it('takes the secrets of a repository, and never gives one back', async () => {
  const { data: key } = await octokit.actions.getRepoPublicKey(at)
  const put = async (value: string) =>
    octokit.actions.createOrUpdateRepoSecret({ ...at, secret_name: 'token', ...(await seal(value, key)) })
  expect((await put('hunter2')).status).toBe(201)
  expect((await put('hunter3')).status).toBe(204)
  const { data } = await octokit.actions.listRepoSecrets(at)
  expect(data.secrets).toEqual([{ name: 'TOKEN', created_at: expect.any(String), updated_at: expect.any(String) }])
  expect((await octokit.actions.getRepoSecret({ ...at, secret_name: 'TOKEN' })).data).not.toHaveProperty('value')
  await octokit.actions.deleteRepoSecret({ ...at, secret_name: 'TOKEN' })
  expect((await octokit.actions.listRepoSecrets(at)).data.total_count).toBe(0)
})

it('takes those of an environment, sealed with a key of its own', async () => {
  const { data: key } = await octokit.actions.getEnvironmentPublicKey(inEnvironment)
  expect(key.key).not.toBe((await octokit.actions.getRepoPublicKey(at)).data.key)
  const secret = { ...inEnvironment, secret_name: 'DEPLOY_KEY' }
  await octokit.actions.createOrUpdateEnvironmentSecret({ ...secret, ...(await seal('x', key)) })
  expect((await octokit.actions.getEnvironmentSecret(secret)).data.name).toBe('DEPLOY_KEY')
  expect((await octokit.actions.listEnvironmentSecrets(inEnvironment)).data.total_count).toBe(1)
  await octokit.actions.deleteEnvironmentSecret(secret)
  expect((await octokit.actions.listEnvironmentSecrets(inEnvironment)).data.secrets).toEqual([])
})

it('shows an organization’s secrets to its repositories by name', async () => {
  const { data: key } = await octokit.actions.getOrgPublicKey({ org })
  const sealed = await seal('x', key)
  await octokit.actions.createOrUpdateOrgSecret({ org, secret_name: 'SHARED', visibility: 'all', ...sealed })
  const { data } = await octokit.actions.listRepoOrganizationSecrets(at)
  expect(data.secrets.map(({ name }) => name)).toEqual(['SHARED'])
})

it('keeps both from who may not manage them', async () => {
  const carl = await fixture.as('carl')
  expect(await refusal(carl.actions.listRepoSecrets(at))).toMatchObject({ status: 403 })
  expect(await refusal(carl.actions.listOrgVariables({ org }))).toMatchObject({ status: 403 })
  expect((await carl.actions.getRepoPublicKey(at)).data.key).toMatch(/=$/)
  expect(await refusal(connect(github.apiUrl).actions.listRepoVariables(at))).toMatchObject({ status: 401 })
})
