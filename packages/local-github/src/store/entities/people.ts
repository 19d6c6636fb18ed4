export interface User {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
  /** Empty for an organization, which nobody signs in as. */
  readonly token: string
  readonly createdAt?: string
}

/** What somebody may do with a repository; each role may all that those before it may. */
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin'

/** That somebody belongs to an organization. */
export interface Membership {
  readonly id: number
  readonly organization: string
  readonly user: string
  /** `admin`: an owner of the organization. */
  readonly role: 'admin' | 'member'
  /** `pending` until the person has accepted. */
  readonly state: 'active' | 'pending'
}

export interface Team {
  readonly id: number
  readonly organization: string
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly privacy: 'closed' | 'secret'
  readonly notificationSetting: 'notifications_enabled' | 'notifications_disabled'
  /** The role with which it is given repositories where none is named. */
  readonly permission: Role
  /** Id of the team that this one is part of. */
  readonly parent: number | null
  readonly members: ReadonlyArray<{ login: string; role: 'member' | 'maintainer' }>
  readonly repositories: ReadonlyArray<{ repo: number; role: Role }>
  readonly createdAt: string
  readonly updatedAt: string
}

/** That somebody was asked to become a collaborator, and has not answered. */
export interface Invitation {
  readonly id: number
  readonly repo: number
  readonly invitee: string
  readonly inviter: string
  readonly role: Role
  readonly createdAt: string
}
