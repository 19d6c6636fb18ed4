import type { Rule } from './rule.ts'

const COLLABORATORS = 'https://docs.github.com/en/rest/collaborators/collaborators'
const TEAMS = 'https://docs.github.com/en/rest/teams/teams'

export const PEOPLE: readonly Rule[] = [
  {
    id: 'people/invited-is-no-collaborator',
    rule: 'Adding somebody who is no member to a repository invites: 201, and no access before it is accepted.',
    source: `${COLLABORATORS}#add-a-repository-collaborator`,
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: '    if (isOne || membershipOf(hub.store, repo.owner, login)) {',
      to: '    if (login) {',
    },
  },
  {
    id: 'people/member-is-added-at-once',
    rule: 'A member of the organization becomes a collaborator without being asked: 204.',
    source: `${COLLABORATORS}#add-a-repository-collaborator`,
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: '    if (isOne || membershipOf(hub.store, repo.owner, login)) {',
      to: '    if (isOne) {',
    },
  },
  {
    id: 'people/permission-of-old',
    rule: '`permission` knows admin, write, read and none only: maintain counts as write, triage as read; `role_name` is exact.',
    source: `${COLLABORATORS}#get-repository-permissions-for-a-user`,
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: 'permission: LEGACY[role]',
      to: 'permission: role',
    },
  },
  {
    id: 'people/push-to-see-permission',
    rule: 'Who cannot push may not ask what somebody may do: 403 «Must have push access to view collaborator permission.»',
    source: 'https://github.com/yegor256/rultor/issues/1407',
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: "    if (!may(hub, c.get('by'), repo, 'write'))",
      to: '    if (!repo)',
    },
  },
  {
    id: 'people/highest-role-counts',
    rule: 'What somebody may is the highest of all grants: as collaborator, as member, through teams.',
    source: `${COLLABORATORS}#get-repository-permissions-for-a-user`,
    test: 'people.test.ts',
    takeOut: {
      file: 'store/roles.ts',
      from: 'ROLES[Math.max(...ranks)]',
      to: 'ROLES[ranks.find((rank) => rank >= 0) ?? -1]',
    },
  },
  {
    id: 'people/owner-is-no-collaborator',
    rule: 'The owner of a repository cannot be made its collaborator: 422.',
    source: 'https://github.com/githubschool/on-demand-github-pages/issues/3292',
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: '    if (login === repo.owner)\n',
      to: '    if (!login)\n',
    },
  },
  {
    id: 'people/removed-is-unassigned',
    rule: 'Who is removed from a repository is no assignee of its issues any more.',
    source: `${COLLABORATORS}#remove-a-repository-collaborator`,
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/collaborators.ts',
      from: 'row.repo === repo.id && row.assignees.includes(login)',
      to: 'row.repo === repo.id && row.id < 0',
    },
  },
  {
    id: 'people/membership-awaits-consent',
    rule: 'A new member of an organization is pending until the person accepts, and may nothing before.',
    source: 'https://docs.github.com/en/rest/orgs/members#set-organization-membership-for-a-user',
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/organizations.ts',
      from: "user: login, role, state: 'pending' })",
      to: "user: login, role, state: 'active' })",
    },
  },
  {
    id: 'people/child-teams-inherit',
    rule: 'Members of a team may what the teams may that it is part of.',
    source: 'https://docs.github.com/en/organizations/organizing-members-into-teams/about-teams#nested-teams',
    test: 'people.test.ts',
    takeOut: {
      file: 'store/roles.ts',
      from: 'return [team, ...(parent ? withParents(store, parent) : [])]',
      to: 'return [team, ...(parent ? [] : [])]',
    },
  },
  {
    id: 'people/secret-teams-are-secret',
    rule: 'A secret team, which a team is unless it is nested or made otherwise, is 404 to members who are not in it.',
    source: `${TEAMS}#create-a-team`,
    test: 'people.test.ts',
    takeOut: {
      file: 'store/teams.ts',
      from: "return team.privacy === 'closed' ||",
      to: 'return member !== undefined ||',
    },
  },
  {
    id: 'people/team-goes-with-its-children',
    rule: 'Deleting a team deletes the teams that are part of it.',
    source: `${TEAMS}#delete-a-team`,
    test: 'people.test.ts',
    takeOut: {
      file: 'routes/people/teams.ts',
      from: '    for (const child of childrenOf(hub.store, team)) remove(child)\n',
      to: '',
    },
  },
  {
    id: 'people/team-slug',
    rule: 'A team’s slug is its name in lower case, without accents, with hyphens for other characters.',
    source: `${TEAMS}#get-a-team-by-name`,
    test: 'people.test.ts',
    takeOut: { file: 'store/teams.ts', from: "name.normalize('NFD')", to: 'name' },
  },
]
