export interface Release {
  readonly id: number
  readonly repo: number
  readonly tag: string
  readonly target: string
  readonly name: string | null
  readonly body: string | null
  readonly draft: boolean
  readonly prerelease: boolean
  readonly immutable: boolean
  /** It was said to be the latest, and no other since. */
  readonly latest: boolean
  readonly user: string
  /** The date of its commit. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly publishedAt: string | null
}

export interface Asset {
  readonly id: number
  readonly repo: number
  readonly release: number
  readonly name: string
  readonly label: string | null
  /** `starter`: its upload is under way, or broke off. */
  readonly state: 'starter' | 'uploaded'
  readonly contentType: string
  readonly size: number
  readonly digest: string | null
  readonly file: string
  readonly downloads: number
  readonly user: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** A tag that an immutable release has had: no other release of a repository of that name may have it again. */
export interface SpentTag {
  readonly id: number
  /** `owner/name`, so that a repository that is made anew finds it. */
  readonly repository: string
  readonly tag: string
}
