export interface Attestation {
  readonly id: number
  readonly repo: number
  /** `sha256:…` of each subject. */
  readonly digests: readonly string[]
  readonly predicateType: string
  /** The Sigstore bundle as it was given. */
  readonly bundle: Record<string, unknown>
  /** The bundle once more, for who follows its address. */
  readonly file: string
  readonly initiator: string
  readonly createdAt: string
}
