import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from './database.ts'
import type * as e from './entities.ts'

/**
 * Rows of one kind, found by id. Every id is new, over all tables, so that mixing two up never goes unnoticed. What is
 * changed through the table is on disk at once.
 */
export class Table<T extends { readonly id: number }> {
  readonly #rows: Map<number, T>
  readonly #kind: string
  readonly #database: Database
  readonly #nextId: () => number

  constructor(kind: string, database: Database, nextId: () => number) {
    this.#kind = kind
    this.#database = database
    this.#nextId = nextId
    this.#rows = new Map((database.read(kind) as T[]).map((row) => [row.id, row]))
  }

  insert(row: Omit<T, 'id'> & { id?: number }): T {
    const stored = { ...row, id: row.id ?? this.#nextId() } as T
    this.#rows.set(stored.id, stored)
    this.#database.write(this.#kind, stored)
    return stored
  }

  /** Changes a row in place: who holds it sees it change. */
  update(row: T, changes: Partial<Omit<T, 'id'>>): T {
    Object.assign(row, changes)
    // One that was deleted meanwhile stays so.
    if (this.#rows.get(row.id) === row) this.#database.write(this.#kind, row)
    return row
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
    this.#database.remove(this.#kind, id)
  }
}

export const BOT = 'github-actions[bot]'
const BOT_ID = 41898282
const FIRST_ID = 1000

/** What the server remembers beside git; bytes of assets and artifacts are files. */
export type Store = ReturnType<typeof createStore>

export function createStore(root: string) {
  mkdirSync(join(root, 'blobs'), { recursive: true })
  const database = openDatabase(join(root, 'local-github.sqlite'))
  let last = Math.max(database.highestId(), FIRST_ID)
  const table = <T extends { readonly id: number }>(kind: string) => new Table<T>(kind, database, () => ++last)
  const store = {
    root,
    users: table<e.User>('users'),
    memberships: table<e.Membership>('memberships'),
    teams: table<e.Team>('teams'),
    invitations: table<e.Invitation>('invitations'),
    variables: table<e.Setting>('variables'),
    secrets: table<e.Setting>('secrets'),
    sealingKeys: table<e.SealingKey>('sealingKeys'),
    attestations: table<e.Attestation>('attestations'),
    repositories: table<e.Repository>('repositories'),
    refChanges: table<e.RefChangeEntry>('refChanges'),
    issues: table<e.Issue>('issues'),
    comments: table<e.Comment>('comments'),
    reviews: table<e.Review>('reviews'),
    reviewComments: table<e.ReviewComment>('reviewComments'),
    issueEvents: table<e.IssueEvent>('issueEvents'),
    labels: table<e.Label>('labels'),
    milestones: table<e.Milestone>('milestones'),
    reactions: table<e.Reaction>('reactions'),
    checkRuns: table<e.CheckRun>('checkRuns'),
    checkSuites: table<e.CheckSuite>('checkSuites'),
    statuses: table<e.Status>('statuses'),
    commitComments: table<e.CommitComment>('commitComments'),
    branchProtections: table<e.BranchProtection>('branchProtections'),
    releases: table<e.Release>('releases'),
    rulesets: table<e.Ruleset>('rulesets'),
    assets: table<e.Asset>('assets'),
    spentTags: table<e.SpentTag>('spentTags'),
    deployments: table<e.Deployment>('deployments'),
    deploymentStatuses: table<e.DeploymentStatus>('deploymentStatuses'),
    environments: table<e.Environment>('environments'),
    deploymentBranchPolicies: table<e.DeploymentBranchPolicy>('deploymentBranchPolicies'),
    customProtectionRules: table<e.CustomProtectionRule>('customProtectionRules'),
    workflows: table<e.Workflow>('workflows'),
    runs: table<e.Run>('runs'),
    jobs: table<e.Job>('jobs'),
    approvals: table<e.Approval>('approvals'),
    artifacts: table<e.Artifact>('artifacts'),
    caches: table<e.CacheEntry>('caches'),
    leases: table<e.Lease>('leases'),
    actionsSettings: table<e.ActionsSettings>('actionsSettings'),
    runners: table<e.SelfHostedRunner>('runners'),
    close: database.close,
  }
  // GitHub's own id of this bot: clients recognise comments by it.
  if (!store.users.get(BOT_ID))
    store.users.insert({ id: BOT_ID, login: BOT, type: 'Bot', token: randomBytes(20).toString('hex') })
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

/** The repository that was called so before, unless another one took the name. */
export function findRenamed(store: Store, formerName: string): e.Repository | undefined {
  const wanted = formerName.toLowerCase()
  return store.repositories.find(({ formerNames }) => formerNames.some((name) => name.toLowerCase() === wanted))
}

export function fullName({ owner, name }: e.Repository): string {
  return `${owner}/${name}`
}

export function findPull(store: Store, repo: number, number: number): (e.Issue & { pull: e.PullPart }) | undefined {
  const issue = store.issues.find((row) => row.repo === repo && row.number === number)
  return issue?.pull ? (issue as e.Issue & { pull: e.PullPart }) : undefined
}
