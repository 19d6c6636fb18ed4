import type { Context, Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { readObject } from '../git/objects.ts'
import { may } from '../http/auth.ts'
import { limitForm } from '../http/body-limit.ts'
import type { Hub } from '../hub.ts'
import { fileResponse, UNTRUSTED } from '../store/blobs.ts'
import { findRepository } from '../store/store.ts'
import { cookieOf, signIn, type Viewer, viewerOf } from './viewer.ts'

/** What a browser finds: pages, the files of published releases, files of a commit; and the buttons of pages. */
export function addPageRoutes(root: Hono, hub: Hub): void {
  const viewer = (c: Context) => viewerOf(hub, c.req.header('cookie'))

  root.get('/_pages/diagrams.js', async (c) => {
    const { diagramScript } = await import('./diagrams.ts')
    return c.body(await diagramScript(), 200, { 'content-type': 'text/javascript; charset=utf-8' })
  })

  // Whatever else runs on this machine is of the same site: forms come from these pages alone.
  root.use('/login', csrf(), limitForm)
  root.use('/:owner/:repo/actions/runs/:id/:button', csrf(), limitForm)

  root.get('/login', (c) => page(c, viewer(c)))
  root.post('/login', async (c) => {
    const { token = '' } = await formOf(c)
    const { by } = signIn(hub, token)
    if (by.kind !== 'user') return page(c, viewer(c), 'Nobody has this token.')
    return c.body(null, 303, { location: '/login', 'set-cookie': cookieOf(token) })
  })

  /** The review box of a run: what its buttons do is what the API does. */
  root.post('/:owner/:repo/actions/runs/:id/:button', async (c) => {
    const { owner, repo, id, button } = c.req.param()
    const form = await formOf(c)
    const run = `/api/v3/repos/${owner}/${repo}/actions/runs/${id}`
    const answer =
      button === 'review'
        ? await post(viewer(c), `${run}/pending_deployments`, {
            environment_ids: [form.environment ?? []].flat().map(Number),
            state: form.state,
            comment: form.comment ?? '',
          })
        : await post(viewer(c), `${run}/approve`)
    if (!answer.ok) return page(c, viewer(c), ((await answer.json()) as { message: string }).message)
    return c.redirect(`/${owner}/${repo}/actions/runs/${id}`, 303)
  })

  async function post({ token }: Viewer, path: string, body: object = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `token ${token}` } : {}) }
    return root.fetch(new Request(`${hub.urls.server}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  }

  root.get('/:owner/:repo/releases/download/:tag/:name', (c) => {
    const { tag, name: file } = c.req.param()
    const repo = visible(c)
    const release = hub.store.releases.find((row) => row.repo === repo?.id && !row.draft && row.tag === tag)
    const asset = hub.store.assets.find(
      (row) => row.release === release?.id && row.name === file && row.state === 'uploaded',
    )
    if (!asset) return c.notFound()
    return fileResponse(asset.file, asset.size, c.req.header('range'), { 'content-type': asset.contentType })
  })

  root.get('/:owner/:repo/raw/:ref/:path{.+}', async (c) => {
    const { ref, path } = c.req.param()
    const repo = visible(c)
    if (!repo || ref.startsWith('-')) return c.notFound()
    const found = await readObject(repo.gitDir, `${ref}:${path}`)
    return found?.type === 'blob'
      ? c.body(found.bytes as never, 200, { 'content-type': 'text/plain; charset=utf-8', ...UNTRUSTED })
      : c.notFound()
  })

  root.get('/', (c) => page(c, viewer(c)))
  root.get('/:owner/:repo/:rest{.*}', (c) => page(c, viewer(c)))
  root.get('/:owner/:repo', (c) => page(c, viewer(c)))

  function visible(c: Context) {
    const { owner, repo: name } = c.req.param() as { owner: string; repo: string }
    const repo = findRepository(hub.store, `${owner}/${name}`)
    return repo && may(hub, viewer(c).by, repo, 'read') ? repo : undefined
  }

  /** The page at the request's path; a refusal is said on the page whose button was pressed. */
  async function page(c: Context, viewer: Viewer, refusal?: string): Promise<Response> {
    const { renderMissing, renderPage } = await import('./render.ts')
    const path = new URL(c.req.url).pathname.replace(/(\/actions\/runs\/\d+)\/(review|approve)$/, '$1')
    const text = await renderPage(hub, path, { viewer, refusal })
    const status = text === undefined ? 404 : refusal === undefined ? 200 : 422
    return new Response(text ?? renderMissing(viewer), {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8', ...SAFE },
    })
  }
}

/** Pages run one script of ours and none of anybody else's; no other site may frame them or send their forms. */
const SAFE = {
  'content-security-policy':
    "default-src 'self'; img-src * blob:; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

async function formOf(c: Context): Promise<Record<string, string>> {
  return (await c.req.parseBody({ all: true })) as Record<string, string>
}
