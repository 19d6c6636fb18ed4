import type { Hub } from '../hub.ts'
import { blobUrl } from '../store/blobs.ts'
import type { Attestation } from '../store/entities.ts'

/** An attestation as lists show it, with where its bundle lies by itself. */
export function attestationShape(hub: Hub, { repo, bundle, file, initiator }: Attestation) {
  return { bundle, repository_id: repo, bundle_url: blobUrl(hub, file, 'r', 60), initiator }
}
