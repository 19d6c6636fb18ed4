import { RefusedError } from '@modelyard/spec'

/** The ETag of an answer, if it stands for bytes; a weak one stands for what means the same. */
export function strongTag({ headers }: Response): string | undefined {
  const tag = headers.get('etag')
  return tag === null || tag.startsWith('W/') ? undefined : tag
}

/** Throws a `RefusedError` where an answer has another ETag than the first had: its bytes are of another content. */
export async function refuseChanged(response: Response, tag: string | undefined, from: string): Promise<void> {
  if (tag === undefined || strongTag(response) === tag) return
  await response.body?.cancel()
  throw new RefusedError(`${from} changed while it was fetched. Run it again.`)
}
