import type { Rule } from './rule.ts'

const DOCS = 'https://docs.github.com/en/rest'
const test = 'issues.test.ts'

export const ISSUES: readonly Rule[] = [
  {
    id: 'issues/body-limit',
    rule: 'The text of an issue or a comment has at most 65,536 characters; a longer one is refused with 422.',
    source: 'https://github.com/docker/scout-action/issues/66',
    test,
    takeOut: { file: 'issues/find.ts', from: '[...body].length <= MAX_BODY', to: 'body' },
  },
  {
    id: 'issues/title-limit',
    rule: 'A title has at most 1,024 bytes, for which GitHub’s refusal says «title is too long (maximum is 256 characters)».',
    source: 'https://github.com/dead-claudia/github-limits/pull/7',
    test,
    takeOut: { file: 'issues/find.ts', from: 'Buffer.byteLength(title) <= MAX_TITLE', to: 'title' },
  },
  {
    id: 'issues/words-alone',
    rule: 'Of who may not triage, a new issue keeps title and text; labels, people and milestone are dropped in silence.',
    source: `${DOCS}/issues/issues#create-an-issue`,
    test,
    takeOut: {
      file: 'routes/issues/issues.ts',
      from: "may(hub, by, repo, 'triage') ? readWanted(repo, asked) : {}",
      to: 'readWanted(repo, asked)',
    },
  },
  {
    id: 'issues/label-by-use',
    rule: 'A label that an issue is given and that the repository does not have is made, grey and without description.',
    source: 'https://github.com/github/docs/issues/35718',
    test,
    takeOut: {
      file: 'issues/labels.ts',
      from: '(findLabel(hub, repo, name) ?? createLabel(hub, repo, { name })).id',
      to: 'findLabel(hub, repo, name)!.id',
    },
  },
  {
    id: 'issues/label-case',
    rule: 'Labels that differ in the case of their letters only are the same label.',
    source: 'https://docs.github.com/en/issues/using-labels-and-milestones-to-track-work/managing-labels',
    test,
    takeOut: {
      file: 'issues/find.ts',
      from: 'row.repo === repo.id && row.name.toLowerCase() === wanted',
      to: 'row.repo === repo.id && row.name === name',
    },
  },
  {
    id: 'issues/one-sequence',
    rule: 'Issues and pull requests are numbered together, and each pull request is an issue.',
    source: `${DOCS}/issues/issues#list-repository-issues`,
    test,
    takeOut: {
      file: 'issues/find.ts',
      from: 'return hub.store.issues.filter((row) => row.repo === repo.id).length + 1',
      to: 'return hub.store.issues.filter((row) => row.repo === repo.id && !row.pull).length + 1',
    },
  },
  {
    id: 'issues/id-of-pull',
    rule: 'As an issue, a pull request has another id than as a pull request.',
    source: `${DOCS}/issues/issues#list-repository-issues`,
    test,
    takeOut: { file: 'shapes/pulls.ts', from: 'PULL_IDS + issue.id', to: 'issue.id' },
  },
  {
    id: 'issues/locked',
    rule: 'In a locked conversation only those who can write may comment or react; others get 403.',
    source: 'https://github.com/probot/stale/issues/25',
    test,
    takeOut: {
      file: 'routes/issues/issues.ts',
      from: "if (!issue.locked || may(hub, c.get('by'), repo, 'write')) return",
      to: 'if (repo !== undefined) return',
    },
  },
  {
    id: 'issues/switched-off',
    rule: 'Where issues are switched off, making one is answered with 410; pull requests stay issues.',
    source: `${DOCS}/issues/issues#create-an-issue`,
    test,
    takeOut: { file: 'routes/issues/issues.ts', from: 'if (!settings.has_issues) throw', to: 'if (!settings) throw' },
  },
  {
    id: 'issues/assignee-unknown',
    rule: 'Who cannot be assigned is left out when people are added, and refused when an issue is made with them.',
    source: `${DOCS}/issues/assignees#add-assignees-to-an-issue`,
    test,
    takeOut: {
      file: 'routes/issues/assignees.ts',
      from: 'login !== undefined && isAssignable(hub, repo, login, issue)',
      to: 'login !== undefined',
    },
  },
  {
    id: 'issues/assignees-ten',
    rule: 'An issue has at most ten assignees.',
    source: `${DOCS}/issues/assignees#add-assignees-to-an-issue`,
    test,
    takeOut: {
      file: 'issues/assignees.ts',
      from: 'export const MAX_ASSIGNEES = 10',
      to: 'export const MAX_ASSIGNEES = 99',
    },
  },
  {
    id: 'issues/reaction-once',
    rule: 'The same reaction of the same person is there once: giving it again is answered with 200 and the first.',
    source: `${DOCS}/reactions/reactions#create-reaction-for-an-issue`,
    test,
    takeOut: { file: 'routes/issues/reactions.ts', from: 'if (same) return', to: 'if (same && !c) return' },
  },
  {
    id: 'issues/keyword-merge',
    rule: 'A pull request that is merged into the default branch closes the issues that its text says it fixes.',
    source:
      'https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    test,
    takeOut: {
      file: 'pulls/lifecycle.ts',
      from: 'if (mergedAt !== null && baseRef === repo.defaultBranch) await',
      to: 'if (!repo) await',
    },
  },
  {
    id: 'issues/keyword-default-branch',
    rule: 'Keywords of a pull request into another branch than the default one close nothing.',
    source:
      'https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    test,
    takeOut: {
      file: 'pulls/lifecycle.ts',
      from: 'mergedAt !== null && baseRef === repo.defaultBranch',
      to: 'mergedAt !== null',
    },
  },
  {
    id: 'issues/keyword-commit',
    rule: 'A commit that comes to the default branch closes the issues that its message says it fixes.',
    source:
      'https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    test,
    takeOut: {
      file: 'pulls/lifecycle.ts',
      from: 'if (brings && ',
      to: 'if (!repo && ',
    },
  },
  {
    id: 'issues/foreign-comment',
    rule: 'A comment is changed by its author or by who can write; others get 403 «Must have admin rights to Repository.»',
    source:
      'https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization',
    test,
    takeOut: {
      file: 'routes/issues/comments.ts',
      from: "comment.user !== actor(by) && !may(hub, by, repo, 'write')",
      to: 'actor(by) === undefined',
    },
  },
  {
    id: 'issues/deleted-label',
    rule: 'A label that is deleted is gone from every issue.',
    source:
      'https://docs.github.com/en/issues/using-labels-and-milestones-to-track-work/managing-labels#deleting-a-label',
    test,
    takeOut: {
      file: 'routes/issues/labels.ts',
      from: 'row.labels.includes(label.id)',
      to: 'row.labels.includes(-1)',
    },
  },
  {
    id: 'issues/reasons',
    rule: 'An issue that is closed without a reason is «completed», and one that is opened again «reopened».',
    source: `${DOCS}/issues/issues#update-an-issue`,
    test,
    takeOut: { file: 'issues/changes.ts', from: "reason ?? 'completed'", to: 'reason ?? null' },
  },
]
