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
  readonly user: string
  readonly createdAt: string
  readonly publishedAt: string | null
}

export interface Asset {
  readonly id: number
  readonly repo: number
  readonly release: number
  readonly name: string
  readonly label: string | null
  readonly contentType: string
  readonly size: number
  readonly digest: string
  readonly file: string
  readonly downloads: number
  readonly user: string
  readonly createdAt: string
}
