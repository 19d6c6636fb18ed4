/** What each request to a repository is for; completes «The token may not …». */
export const DOINGS: Record<string, string> = {
  'GET ': 'read the repository',
  'GET /issues/{issue_number}/comments': 'list the comments of a pull request',
  'POST /issues/{issue_number}/comments': 'create a comment',
  'PATCH /issues/comments/{comment_id}': 'update a comment',
  'DELETE /issues/comments/{comment_id}': 'delete a comment',
  'GET /commits/{ref}/check-runs': 'list the checks of a commit',
  'POST /check-runs': 'create a check',
  'PATCH /check-runs/{check_run_id}': 'update a check',
  'GET /commits/{commit_sha}/pulls': 'list the pull requests of a commit',
  'GET /pulls': 'list pull requests',
  'POST /pulls': 'open a pull request',
  'PATCH /pulls/{pull_number}': 'update a pull request',
  'GET /actions/runs': 'list workflow runs',
  'GET /actions/runs/{run_id}': 'read a workflow run',
  'GET /actions/runs/{run_id}/approvals': 'read the approvals of this run',
  'GET /actions/runs/{run_id}/artifacts': 'list the artifacts of a run',
  'GET /actions/artifacts/{artifact_id}/{archive_format}': 'download an artifact',
  'GET /contents/{path}': 'read a file of the repository',
  'GET /git/ref/{ref}': 'read a ref',
  'GET /git/matching-refs/{ref}': 'list tags',
  'POST /git/refs': 'create a ref',
  'PATCH /git/refs/{ref}': 'advance a ref',
  'GET /git/tags/{tag_sha}': 'read a tag',
  'POST /git/tags': 'create a tag',
  'GET /git/trees/{tree_sha}': 'read a tree of the repository',
  'POST /git/trees': 'create a tree',
  'GET /git/commits/{commit_sha}': 'read a commit',
  'POST /git/commits': 'create a commit',
  'GET /releases': 'list releases',
  'GET /releases/tags/{tag}': 'read a release',
  'GET /releases/{release_id}': 'read a release',
  'POST /releases': 'create a release',
  'PATCH /releases/{release_id}': 'update a release',
  'DELETE /releases/{release_id}': 'delete a draft of a release',
  'GET /releases/{release_id}/assets': 'list the files of a release',
  'GET /releases/assets/{asset_id}': 'download a file of a release',
  'DELETE /releases/assets/{asset_id}': 'delete an unfinished file of a release',
  'GET /environments/{environment_name}': 'read an environment',
  'GET /deployments': 'list deployments',
  'POST /deployments': 'create a deployment',
  'GET /deployments/{deployment_id}/statuses': 'read the statuses of a deployment',
  'POST /deployments/{deployment_id}/statuses': 'create a status of a deployment',
}

const REPOSITORY = '(?:https?://[^/]+)?(?:/api/v3)?/repos/[^/]+/[^/]+'
const patterns = Object.entries(DOINGS).map(([route, words]) => {
  const [method, path] = route.split(' ') as [string, string]
  const places = path.replace(/\{(?:path|ref)\}/g, '[^?]+').replace(/\{\w+\}/g, '[^/?]+')
  return { words, pattern: new RegExp(`^${method} ${REPOSITORY}${places}(?:\\?.*)?$`) }
})

/** How the URL to which a release's files go ends; the rest of it is different for every release. */
export const UPLOAD_NAME = '{?name}'

/** What a request is for, in words: «create a comment». Takes a route as well as the URL that was made of it. */
export function doing(method: string, url: string): string {
  if (url.endsWith(UPLOAD_NAME)) return 'upload a file to a release'
  if (url.endsWith('/graphql')) return 'read the repository'
  const route = `${method} ${url}`
  return patterns.find(({ pattern }) => pattern.test(route))?.words ?? `answer ${route}`
}
