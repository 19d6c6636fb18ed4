/** A model that is to be served. */
export interface DeploymentRequest {
  model: string
  stage: string
  version: string
  /** SHA-256 of the model. */
  sha256: string
  /** Where the model lies on this machine. */
  path: string
  /** The version that it replaces; null for none. */
  replaces: string | null
}

/** What a target says that it serves. */
export interface Served {
  /** Null where it serves nothing. */
  sha256: string | null
  version: string | null
  /** Why it is not well, in the target's own words; null where it says nothing of the kind. */
  unhealthy: string | null
}

/** The thing that serves a model. Deploying twice is deploying once. */
export interface Target {
  kind: 'command' | 'directory'
  deploy(request: DeploymentRequest): Promise<void>
  /** Reads back what is served now. */
  status(): Promise<Served>
}
