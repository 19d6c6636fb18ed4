import type { Attestation } from '../store/entities.ts'
import type { Shaping } from './common.ts'

/** An attestation as lists show it, with where its bundle lies by itself. */
export function attestationShape({ urls }: Shaping, { id, repo, bundle, initiator }: Attestation) {
  return { bundle, repository_id: repo, bundle_url: `${urls.server}/_services/attestations/${id}`, initiator }
}
