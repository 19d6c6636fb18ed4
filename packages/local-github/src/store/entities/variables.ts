/** Whose a variable or secret is: exactly one of organization and repository. */
export interface SettingScope {
  readonly organization?: string
  readonly repo?: number
  /** Of the repository's environment of this name only. */
  readonly environment?: string
}

/** A variable or secret of Actions. */
export interface Setting extends SettingScope {
  readonly id: number
  /** In upper case, as GitHub keeps it. */
  readonly name: string
  readonly value: string
  /** Of an organization's: which of its repositories see it. */
  readonly visibility?: 'all' | 'private' | 'selected'
  readonly selected?: readonly number[]
  readonly createdAt: string
  readonly updatedAt: string
}

/** The key pair for which the secrets of a scope are sealed, in base64. */
export interface SealingKey extends SettingScope {
  readonly id: number
  readonly publicKey: string
  readonly privateKey: string
}
