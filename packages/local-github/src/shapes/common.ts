import type { Repository, User } from '../store/entities.ts'
import { BOT, type Store } from '../store/store.ts'

export interface Urls {
  server: string
  api: string
  uploads: string
}

/** What every shape needs to know. */
export interface Shaping {
  store: Store
  urls: Urls
}

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`0${kind.length}:${kind}${id}`).toString('base64')
}

export function simpleUser({ store, urls }: Shaping, login: string) {
  const user = store.users.find((row) => row.login === login) ?? ghost(login)
  const api = `${urls.api}/users/${encodeURIComponent(login)}`
  return {
    login,
    id: user.id,
    node_id: nodeId('User', user.id),
    avatar_url: `${urls.server}/avatars/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${urls.server}/${login === BOT ? 'apps/github-actions' : login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  }
}

// Who is no account any more.
function ghost(login: string): User {
  const id = [...login].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_000, 7)
  return { id, login, type: 'User', token: '' }
}

const REPOSITORY_URLS = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const

export function repoApi({ urls }: Shaping, repo: Repository): string {
  return `${urls.api}/repos/${repo.owner}/${repo.name}`
}

export function repoHtml({ urls }: Shaping, repo: Repository): string {
  return `${urls.server}/${repo.owner}/${repo.name}`
}

/** The short form that other objects carry. */
export function minimalRepository(shaping: Shaping, repo: Repository) {
  const api = repoApi(shaping, repo)
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    owner: simpleUser(shaping, repo.owner),
    private: repo.private,
    html_url: repoHtml(shaping, repo),
    description: repo.settings.description,
    fork: repo.parent !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(REPOSITORY_URLS).map(([name, path]) => [name, api + path])),
  }
}

export function repository(shaping: Shaping, repo: Repository) {
  const html = repoHtml(shaping, repo)
  const { description: _description, homepage, ...switches } = repo.settings
  const forks = shaping.store.repositories.filter(({ parent }) => parent === repo.id)
  const openIssues = shaping.store.issues.filter((row) => row.repo === repo.id && row.state === 'open').length
  return {
    ...minimalRepository(shaping, repo),
    clone_url: `${html}.git`,
    git_url: `${html.replace('http', 'git')}.git`,
    ssh_url: `git@${new URL(html).hostname}:${repo.owner}/${repo.name}.git`,
    svn_url: html,
    mirror_url: null,
    homepage,
    language: null,
    license: null,
    forks: forks.length,
    forks_count: forks.length,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: repo.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    topics: [...repo.topics],
    has_pages: false,
    has_downloads: true,
    disabled: false,
    visibility: repo.private ? 'private' : 'public',
    pushed_at: repo.pushedAt,
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    ...switches,
  }
}

export function githubActionsApp({ urls }: Shaping) {
  return {
    id: 15368,
    slug: 'github-actions',
    node_id: nodeId('App', 15368),
    client_id: 'Iv1.local',
    owner: {
      ...ownerStub(urls),
    },
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: 'https://help.github.com/en/actions',
    html_url: `${urls.server}/apps/github-actions`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2019-12-10T19:04:12Z',
    permissions: { actions: 'write', checks: 'write', contents: 'write', metadata: 'read' },
    events: ['check_run', 'push'],
  }
}

function ownerStub(urls: Urls) {
  return simpleUser({ urls, store: { users: { find: () => undefined } } as unknown as Store }, 'github')
}
