import { resolve } from '../../git/git.ts'
import { readRefs } from '../../git/ref-files.ts'
import { type App, page, repoOf } from '../../http/app.ts'
import type { Hub } from '../../hub.ts'
import { nodeId, repoApi } from '../../shapes/common.ts'

/** A repository's tags with the commits that they lead to. */
export function addTagRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/tags', async (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const tags = readRefs(repo.gitDir, 'refs/tags/').reverse()
    const shown = await Promise.all(
      page(c, tags).map(async ({ ref }) => ({ name: ref.slice(10), sha: await resolve(repo.gitDir, ref) })),
    )
    const api = repoApi(hub, repo)
    return c.json(
      shown.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${api}/commits/${sha}` },
        zipball_url: `${api}/zipball/refs/tags/${encodeURIComponent(name)}`,
        tarball_url: `${api}/tarball/refs/tags/${encodeURIComponent(name)}`,
        node_id: nodeId('Ref', repo.id),
      })),
    )
  })
}
