import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal, uploadAsset } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo } = fixture
const at = { owner, repo }

it('releases/asset-name-once', async () => {
  const { data: release } = await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
  await uploadAsset(octokit, release.upload_url, 'model.onnx', 'one')
  expect(await refusal(uploadAsset(octokit, release.upload_url, 'model.onnx', 'two'))).toMatchObject({
    status: 422,
    body: { errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }] },
  })
})
