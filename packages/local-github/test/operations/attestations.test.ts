import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github } = fixture
const at = { owner, repo }
const org = owner
await github.createRepository('ann/own', { owner: 'ann' })
await github.createRepository('acme/hidden', { owner: 'ann', private: true })

const PROVENANCE = 'https://slsa.dev/provenance/v1'
const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const bundle = (subjects: string[], predicateType = PROVENANCE) => {
  const subject = subjects.map((each) => ({ name: 'model.onnx', digest: { sha256: each.slice('sha256:'.length) } }))
  const payload = Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType }))
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {},
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: 'application/vnd.in-toto+json', signatures: [] },
  }
}
const attest = async (where: { owner: string; repo: string }, subjects: string[], predicateType?: string) =>
  (await octokit.repos.createAttestation({ ...where, bundle: bundle(subjects, predicateType) })).data.id!

it('finds what was attested by the digest of any subject', async () => {
  await attest(at, [digest('a'), digest('b')])
  await attest(at, [digest('a')], 'https://cyclonedx.org/bom')
  const found = await octokit.repos.listAttestations({ ...at, subject_digest: digest('a') })
  expect(found.data.attestations).toMatchObject([
    { bundle: bundle([digest('a')], 'https://cyclonedx.org/bom') },
    { bundle: bundle([digest('a'), digest('b')]) },
  ])
  const sboms = await octokit.repos.listAttestations({ ...at, subject_digest: digest('a'), predicate_type: 'sbom' })
  expect(sboms.data.attestations).toHaveLength(1)
  expect(await (await fetch(found.data.attestations![0]!.bundle_url!)).json()).toMatchObject({ dsseEnvelope: {} })
  expect((await octokit.repos.listAttestations({ ...at, subject_digest: digest('c') })).data.attestations).toEqual([])
})

it('goes through them by cursors', async () => {
  const all = { ...at, subject_digest: digest('a'), per_page: 1 }
  const first = await octokit.repos.listAttestations(all)
  const next = /after=([^&>]+)/.exec(first.headers.link ?? '')?.[1]
  const second = await octokit.repos.listAttestations({ ...all, after: next! })
  expect(second.data.attestations).toMatchObject([{ bundle: bundle([digest('a'), digest('b')]) }])
  expect(second.headers.link).toMatch(/rel="prev"/)
})

it('finds and deletes those of an organization', async () => {
  await attest({ owner, repo: 'hidden' }, [digest('b')])
  const bob = await fixture.as('bob')
  const seen = async (by: typeof octokit) =>
    (await by.orgs.listAttestations({ org, subject_digest: digest('b') })).data.attestations!.length
  expect([await seen(octokit), await seen(bob)]).toEqual([2, 1])
  const { data: bulk } = await octokit.orgs.listAttestationsBulk({ org, subject_digests: [digest('b'), digest('c')] })
  expect(bulk.attestations_subject_digests).toMatchObject({ [digest('b')]: [{}, {}], [digest('c')]: null })
  const { data: repositories } = await octokit.orgs.listAttestationRepositories({ org })
  expect(repositories.map(({ name }) => name)).toEqual(['model', 'hidden'])

  const id = await attest(at, [digest('d')])
  await octokit.orgs.deleteAttestationsById({ org, attestation_id: id })
  await octokit.orgs.deleteAttestationsBySubjectDigest({ org, subject_digest: digest('b') })
  expect(await seen(octokit)).toBe(0)
  await octokit.orgs.deleteAttestationsBulk({ org, subject_digests: [digest('a')] })
  expect((await octokit.repos.listAttestations({ ...at, subject_digest: digest('a') })).data.attestations).toEqual([])
})

it('finds and deletes those of a person', async () => {
  const own = { owner: 'ann', repo: 'own' }
  const username = 'ann'
  const ids = [await attest(own, [digest('e')]), await attest(own, [digest('f')]), await attest(own, [digest('f')])]
  const found = await octokit.users.listAttestations({ username, subject_digest: digest('e') })
  expect(found.data).toMatchObject({ attestations: [{ bundle: bundle([digest('e')]) }] })
  const { data } = await octokit.users.listAttestationsBulk({ username, subject_digests: [digest('f')] })
  expect(data.attestations_subject_digests![digest('f')]).toHaveLength(2)
  await octokit.users.deleteAttestationsById({ username, attestation_id: ids[1]! })
  await octokit.users.deleteAttestationsBySubjectDigest({ username, subject_digest: digest('e') })
  await octokit.users.deleteAttestationsBulk({ username, attestation_ids: [ids[2]!] })
  const { data: rest } = await octokit.users.listAttestationsBulk({
    username,
    subject_digests: [digest('e'), digest('f')],
  })
  expect(rest.attestations_subject_digests).toEqual({ [digest('e')]: null, [digest('f')]: null })
})

it('refuses a bundle that attests nothing', async () => {
  expect(await refusal(octokit.repos.createAttestation({ ...at, bundle: bundle([]) }))).toMatchObject({ status: 422 })
})
