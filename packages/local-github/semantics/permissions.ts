import type { Rule } from './rule.ts'

const rule = (id: string, text: string, source: string, file: string, from: string, to: string): Rule => ({
  id: `permissions/${id}`,
  rule: text,
  source,
  test: 'permissions.test.ts',
  takeOut: { file, from, to },
})

/** What GITHUB_TOKEN may where GitHub asks for less, or more, than the permission one would think of. */
export const PERMISSIONS: readonly Rule[] = [
  rule(
    'public-needs-none',
    'What everybody may read of a public repository, a token reads without the permission for it, as the page of each such operation says.',
    'https://docs.github.com/en/rest/actions/workflows#list-repository-workflows',
    'http/auth.ts',
    "level === 'read' && !repo.private && scope !== 'administration'",
    'false',
  ),
  rule(
    'artifact-needs-token',
    'The bytes of an artifact are nobody’s without a token, although the repository is public: 401 «You must have the actions scope to download artifacts.»',
    'https://github.com/github/docs/issues/36482',
    'routes/actions/artifacts.ts',
    "c.get('by').kind === 'anonymous'",
    'false',
  ),
  rule(
    'tags-by-metadata',
    'A repository’s tags need no more than to see the repository, while its refs need `contents`.',
    'https://docs.github.com/en/rest/repos/repos#list-repository-tags',
    'routes/repositories/tags.ts',
    "repoOf(hub, c, 'metadata', 'read')",
    "repoOf(hub, c, 'contents', 'read')",
  ),
  rule(
    'commit-comments-by-metadata',
    'The comments on a commit need no more than to see the repository.',
    'https://docs.github.com/en/rest/commits/comments#list-commit-comments',
    'routes/commits/comments.ts',
    "repoOf(hub, c, 'metadata', 'read')\n    const sha",
    "repoOf(hub, c, 'contents', 'read')\n    const sha",
  ),
  rule(
    'commit-comment-by-reader',
    'Who may read the contents may comment on a commit, a token with `contents: read` too.',
    'https://docs.github.com/en/rest/commits/comments#create-a-commit-comment',
    'routes/commits/comments.ts',
    'const repo = commentable(c)',
    'const repo = writable(hub, c, SCOPE)',
  ),
]
