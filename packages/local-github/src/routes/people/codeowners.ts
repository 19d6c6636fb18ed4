import { readCodeowners } from '../../git/codeowners.ts'
import { resolve } from '../../git/git.ts'
import { type App, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'

/** What is wrong in a CODEOWNERS file. */
export function addCodeownersRoute(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/codeowners/errors', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const commit = await resolve(repo.gitDir, c.req.query('ref') ?? repo.defaultBranch)
    const found = commit && (await readCodeowners(repo.gitDir, commit))
    if (!found) throw notFound()
    return c.json({ errors: found.errors.map((error) => ({ ...error, path: found.path })) })
  })
}
