import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type * as e from './entities.ts'

/** Rows of one kind, found by id; every id is new, over all tables, so that mixing two up never goes unnoticed. */
export class Table<T extends { id: number }> {
  readonly #rows = new Map<number, T>()
  readonly #nextId: () => number

  constructor(nextId: () => number) {
    this.#nextId = nextId
  }

  insert(row: Omit<T, 'id'> & { id?: number }): T {
    const stored = { ...row, id: row.id ?? this.#nextId() } as T
    this.#rows.set(stored.id, stored)
    return stored
  }

  get(id: number): T | undefined {
    return this.#rows.get(id)
  }

  find(test: (row: T) => boolean): T | undefined {
    for (const row of this.#rows.values()) if (test(row)) return row
    return undefined
  }

  /** In the order of insertion. */
  filter(test: (row: T) => boolean): T[] {
    return [...this.#rows.values()].filter(test)
  }

  delete(id: number): void {
    this.#rows.delete(id)
  }
}

export const BOT = 'github-actions[bot]'

/** What the server remembers beside git. It lives as long as the process; bytes of assets and artifacts are files. */
export interface Store {
  root: string
  users: Table<e.User>
  repositories: Table<e.Repository>
  issues: Table<e.Issue>
  comments: Table<e.Comment>
  reviews: Table<e.Review>
  checkRuns: Table<e.CheckRun>
  statuses: Table<e.Status>
  releases: Table<e.Release>
  rulesets: Table<e.Ruleset>
  assets: Table<e.Asset>
  deployments: Table<e.Deployment>
  deploymentStatuses: Table<e.DeploymentStatus>
  environments: Table<e.Environment>
  workflows: Table<e.Workflow>
  runs: Table<e.Run>
  jobs: Table<e.Job>
  approvals: Table<e.Approval>
  artifacts: Table<e.Artifact>
  caches: Table<e.CacheEntry>
}

export function createStore(root: string): Store {
  mkdirSync(join(root, 'blobs'), { recursive: true })
  let last = 1000
  const table = <T extends { id: number }>() => new Table<T>(() => ++last)
  const store: Store = {
    root,
    users: table(),
    repositories: table(),
    issues: table(),
    comments: table(),
    reviews: table(),
    checkRuns: table(),
    statuses: table(),
    releases: table(),
    rulesets: table(),
    assets: table(),
    deployments: table(),
    deploymentStatuses: table(),
    environments: table(),
    workflows: table(),
    runs: table(),
    jobs: table(),
    approvals: table(),
    artifacts: table(),
    caches: table(),
  }
  // GitHub's own id of this bot: clients recognise comments by it.
  store.users.insert({ id: 41898282, login: BOT, type: 'Bot', token: randomBytes(20).toString('hex') })
  return store
}

/** A new file name under the store's root for bytes that are streamed in. */
export function blobPath(store: Store): string {
  return join(store.root, 'blobs', randomBytes(12).toString('hex'))
}

export function findRepository(store: Store, fullName: string): e.Repository | undefined {
  const wanted = fullName.toLowerCase()
  return store.repositories.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === wanted)
}

export function fullName({ owner, name }: e.Repository): string {
  return `${owner}/${name}`
}

export function findPull(store: Store, repo: number, number: number): (e.Issue & { pull: e.PullPart }) | undefined {
  const issue = store.issues.find((row) => row.repo === repo && row.number === number)
  return issue?.pull ? (issue as e.Issue & { pull: e.PullPart }) : undefined
}

/** To the second and never twice the same instant's order: GitHub's times carry no fraction. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
