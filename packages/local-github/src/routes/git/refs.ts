import { isAncestor } from '../../git/ancestry.ts'
import { getRef, listRefs, type Ref, ZERO_SHA } from '../../git/git.ts'
import { findObject } from '../../git/objects.ts'
import { isRefName } from '../../git/ref-names.ts'
import { changeRef, type RefUpdate, tryChangeRef } from '../../git/refs.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import type { Principal } from '../../http/auth.ts'
import { notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { demandRefChange } from '../../rules/refs.ts'
import { nodeId, repoApi, type Shaping } from '../../shapes/common.ts'
import type { Repository } from '../../store/entities.ts'
import { demandContent, SHA } from './objects.ts'

/** Those of pull requests the server keeps itself. */
const PULLS = 'refs/pull/'

/** References: each change is a compare-and-swap of git's own, refused as GitHub refuses it. */
export function addRefRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/git/ref/:ref{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const ref = await getRef(repo.gitDir, `refs/${c.req.param('ref')}`)
    if (!ref) throw notFound()
    return c.json(refShape(hub, repo, ref))
  })

  app.get('/repos/:owner/:repo/git/matching-refs/:ref{.*}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const refs = await listRefs(repo.gitDir, `refs/${c.req.param('ref') ?? ''}`)
    // GitHub does not page these, whatever `per_page` says.
    return c.json(refs.map((ref) => refShape(hub, repo, ref)))
  })

  app.post('/repos/:owner/:repo/git/refs', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const { ref = '', sha = '' } = await bodyOf<{ ref: string; sha: string }>(c)
    if (!/^refs\/[^/]+\/./.test(ref)) {
      throw unprocessable('Reference name must contain at least three slash-separated components.')
    }
    if (!isRefName(ref)) {
      throw unprocessable(`${ref} is not a valid ref name.`)
    }
    if (repo.branchesOnly && !/^refs\/(?:heads|tags)\//.test(ref)) {
      throw unprocessable('Reference name must start with refs/heads or refs/tags.')
    }
    if (ref.startsWith(PULLS)) throw unprocessable('Reference cannot be created')
    return hub.lockRefs(repo, async () => {
      await demandContent(repo)
      await requireObject(repo, ref, sha)
      if (await getRef(repo.gitDir, ref)) throw unprocessable('Reference already exists')
      await demandRefChange(hub, repo, c.get('by'), { ref, before: ZERO_SHA, after: sha })
      await change(repo, c.get('by'), { ref, before: ZERO_SHA, after: sha })
      return c.json(refShape(hub, repo, (await getRef(repo.gitDir, ref))!), 201)
    })
  })

  app.patch('/repos/:owner/:repo/git/refs/:ref{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const { sha = '', force = false } = await bodyOf<{ sha: string; force: boolean }>(c)
    const ref = `refs/${c.req.param('ref')}`
    return hub.lockRefs(repo, async () => {
      const current = await getRef(repo.gitDir, ref)
      if (!current) throw unprocessable('Reference does not exist')
      if (ref.startsWith(PULLS)) throw unprocessable('Reference cannot be updated')
      await requireObject(repo, ref, sha)
      if (!force && !(await isFastForward(repo, current.sha, sha))) throw unprocessable('Update is not a fast forward')
      await demandRefChange(hub, repo, c.get('by'), { ref, before: current.sha, after: sha })
      if (sha !== current.sha) await change(repo, c.get('by'), { ref, before: current.sha, after: sha })
      return c.json(refShape(hub, repo, (await getRef(repo.gitDir, ref))!))
    })
  })

  app.delete('/repos/:owner/:repo/git/refs/:ref{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const ref = `refs/${c.req.param('ref')}`
    return hub.lockRefs(repo, async () => {
      const current = await getRef(repo.gitDir, ref)
      if (!current) throw unprocessable('Reference does not exist')
      if (ref.startsWith(PULLS)) throw unprocessable('Reference cannot be deleted')
      if (ref === `refs/heads/${repo.defaultBranch}`) throw unprocessable('Cannot delete the default branch')
      await demandRefChange(hub, repo, c.get('by'), { ref, before: current.sha, after: ZERO_SHA })
      await changeRef(hub, repo, c.get('by'), { ref, before: current.sha, after: ZERO_SHA })
      return c.body(null, 204)
    })
  })

  async function change(repo: Repository, by: Principal, update: RefUpdate): Promise<void> {
    // A folder where a file is wanted (`a` beside `a/b`), or a lock that another writer holds.
    if (!(await tryChangeRef(hub, repo, by, update))) throw unprocessable('Reference update failed')
  }
}

async function requireObject(repo: Repository, ref: string, sha: string): Promise<void> {
  const type = SHA.test(sha) ? (await findObject(repo.gitDir, sha))?.type : undefined
  if (!type) throw unprocessable('Object does not exist')
  if (ref.startsWith('refs/heads/') && type !== 'commit') throw unprocessable('Object is not a commit')
}

async function isFastForward(repo: Repository, from: string, to: string): Promise<boolean> {
  return from === to || isAncestor(repo.gitDir, from, to)
}

function refShape(shaping: Shaping, repo: Repository, { ref, sha, type }: Ref) {
  const api = repoApi(shaping, repo)
  return {
    ref,
    node_id: nodeId('Ref', repo.id),
    url: `${api}/git/${ref.replaceAll('#', '%23')}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  }
}
