import type { Rule } from './rule.ts'

const REPOS = 'https://docs.github.com/en/rest/repos/repos'
const RENAMING = 'https://docs.github.com/en/repositories/creating-and-managing-repositories/renaming-a-repository'
const TROUBLE = 'https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api'

export const REPOSITORIES: readonly Rule[] = [
  {
    id: 'repositories/private-is-not-found',
    rule: 'A private repository is 404 to who may not read it, not 403.',
    source: `${TROUBLE}#404-not-found-for-an-existing-resource`,
    test: 'repositories.test.ts',
    takeOut: {
      file: 'http/auth.ts',
      from: "const visible = repo.private ? 'none' : 'read'",
      to: "const visible = 'read'",
    },
  },
  {
    id: 'repositories/renamed-leads-on',
    rule: 'The old name of a repository answers 301 to a GET and 307 to anything else, with the way by id; git follows, too.',
    source: 'https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'store/store.ts',
      from: 'formerNames.some((name) => name.toLowerCase() === wanted)',
      to: 'formerNames.length < 0',
    },
  },
  {
    id: 'repositories/name-taken-again',
    rule: 'A new repository may take a name that another one had; the old name then leads to the new one only.',
    source: RENAMING,
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/names.ts',
      from: 'if (!findRepository(hub.store, `${owner}/${name}`)) return',
      to: 'if (!(findRepository(hub.store, `${owner}/${name}`) ?? findRenamed(hub.store, `${owner}/${name}`))) return',
    },
  },
  {
    id: 'repositories/name-once',
    rule: 'A name that the account gave already is 422 «Repository creation failed.», «name already exists on this account».',
    source: 'https://github.com/dyad-sh/dyad/issues/1914',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/create.ts',
      from: '    demandFreeName(hub, account, name, message)\n',
      to: '',
    },
  },
  {
    id: 'repositories/name-characters',
    rule: 'What is no letter, digit, `.`, `-` or `_` in a name becomes a hyphen, several in a row one.',
    source: 'https://github.com/dead-claudia/github-limits/issues/3',
    test: 'repositories.test.ts',
    takeOut: { file: 'routes/repositories/names.ts', from: "name.replace(/[^\\w.-]+/g, '-')", to: 'name' },
  },
  {
    id: 'repositories/archived-is-read-only',
    rule: 'What is archived refuses every change with 403 «Repository was archived so is read-only.», except being unarchived.',
    source: 'https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories',
    test: 'repositories.test.ts',
    takeOut: { file: 'http/auth.ts', from: 'if (!isRead && repo.settings.archived)', to: 'if (false)' },
  },
  {
    id: 'repositories/default-branch-is-there',
    rule: 'The default branch has to be one that is there: 422.',
    source: 'https://github.com/datalad/datalad/pull/5010',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/repositories.ts',
      from: 'if (!(await resolve(repo.gitDir, `refs/heads/${branch}`)))',
      to: 'if (branch === undefined)',
    },
  },
  {
    id: 'repositories/fork-keeps-visibility',
    rule: 'A fork’s visibility cannot be changed.',
    source: 'https://github.com/orgs/community/discussions/187798',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/repositories.ts',
      from: 'isPrivate !== repo.private && repo.parent !== undefined',
      to: 'isPrivate !== repo.private && repo.id < 0',
    },
  },
  {
    id: 'repositories/fork-once',
    rule: 'Forking again into the same account answers with the fork that is there.',
    source: 'https://docs.github.com/en/rest/repos/forks#create-a-fork',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/forks.ts',
      from: 'row.parent === parent.id && row.owner === account',
      to: 'row.parent === parent.id && row.id < 0',
    },
  },
  {
    id: 'repositories/topics-in-lower-case',
    rule: 'Topics are kept in lower case.',
    source: `${REPOS}#replace-all-repository-topics`,
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/about.ts',
      from: 'new Set(names.map((name) => name.toLowerCase()))',
      to: 'new Set(names)',
    },
  },
  {
    id: 'repositories/description-limit',
    rule: 'A description has at most 350 characters: 422 «description cannot be more than 350 characters».',
    source:
      '`gh repo edit` in nshkrdotcom/snakebridge: «HTTP 422: Validation Failed description cannot be more than 350 characters»',
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/settings.ts',
      from: "[...(body.description ?? '')].length > MAX_DESCRIPTION",
      to: 'false',
    },
  },
  {
    id: 'repositories/type-or-affiliation',
    rule: '`type` beside `visibility` or `affiliation` is 422.',
    source: `${REPOS}#list-repositories-for-the-authenticated-user`,
    test: 'repositories.test.ts',
    takeOut: {
      file: 'routes/repositories/lists.ts',
      from: 'if (type !== undefined &&',
      to: 'if (type === null &&',
    },
  },
]
