import { authenticate, type Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'

/** Who looks at a page, and with which token; nobody in particular when that is missing. */
export interface Viewer {
  by: Principal
  token: string | undefined
}

const COOKIE = 'local_github_token'
const ANONYMOUS: Viewer = { by: { kind: 'anonymous' }, token: undefined }

/** A person by the token in the cookie; jobs' tokens open no pages. */
export function viewerOf(hub: Hub, cookie: string | undefined): Viewer {
  const [, token] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookie ?? '') ?? []
  return token === undefined ? ANONYMOUS : signIn(hub, token)
}

/** The person whose token this is. */
export function signIn(hub: Hub, token: string): Viewer {
  try {
    const by = authenticate(hub, `token ${token}`)
    return by.kind === 'user' ? { by, token } : ANONYMOUS
  } catch {
    return ANONYMOUS
  }
}

/** No script reads it, and no other site's page sends it. */
export function cookieOf(token: string): string {
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`
}
