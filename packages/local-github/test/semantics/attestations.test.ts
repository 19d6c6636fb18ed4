import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'

const fixture = await createFixture()
const { octokit, owner, github } = fixture
await github.createRepository('acme/hidden', { owner: 'ann', private: true })
const DIGEST = `sha256:${'a'.repeat(64)}`

function bundle(predicateType: string) {
  const subject = [{ name: 'model.onnx', digest: { sha256: 'a'.repeat(64) } }]
  const payload = Buffer.from(JSON.stringify({ subject, predicateType })).toString('base64')
  return { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: { payload } }
}

for (const repo of ['model', 'hidden'])
  for (const type of ['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document/v2.3'])
    await octokit.repos.createAttestation({ owner, repo, bundle: bundle(type) })

it('attestations/only-of-readable-repositories', async () => {
  const count = async (by: typeof octokit) =>
    (await by.orgs.listAttestations({ org: owner, subject_digest: DIGEST })).data.attestations?.length
  expect([await count(octokit), await count(await fixture.as('carl'))]).toEqual([4, 2])
})

it('attestations/by-kind', async () => {
  const at = { owner, repo: 'model', subject_digest: DIGEST }
  const count = async (predicate_type: string) =>
    (await octokit.repos.listAttestations({ ...at, predicate_type })).data.attestations?.length
  expect([await count('provenance'), await count('sbom'), await count('https://spdx.dev/Document/v2.3')]).toEqual([
    1, 1, 1,
  ])
})
