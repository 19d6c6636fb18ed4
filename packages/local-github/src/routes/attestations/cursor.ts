import type { Ctx } from '../../http/app.ts'

/** The rows after or before the one that `Link` named: lists of attestations have no numbered pages. */
export function cursorPage<T extends { readonly id: number }>(c: Ctx, rows: readonly T[]): T[] {
  const { per_page, after, before } = c.req.query()
  const size = Math.min(Math.max(Number(per_page) || 30, 1), 100)
  const at = rows.findIndex(({ id }) => toCursor(id) === (after ?? before))
  const start = at < 0 ? 0 : after !== undefined ? at + 1 : Math.max(at - size, 0)
  const end = at >= 0 && before !== undefined ? at : start + size
  const shown = rows.slice(start, end)
  const link = (rel: string, name: string, { id }: T) => {
    const url = new URL(c.req.url)
    url.searchParams.delete(name === 'after' ? 'before' : 'after')
    url.searchParams.set(name, toCursor(id))
    return `<${url}>; rel="${rel}"`
  }
  const links = [
    ...(shown.length > 0 && start > 0 ? [link('prev', 'before', shown[0]!)] : []),
    ...(shown.length > 0 && end < rows.length ? [link('next', 'after', shown.at(-1)!)] : []),
  ]
  if (links.length > 0) c.header('link', links.join(', '))
  return shown
}

const toCursor = (id: number) => Buffer.from(`cursor:${id}`).toString('base64url')
