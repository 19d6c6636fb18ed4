import type { LocalGitHub } from '../server.ts'
import { Mistake } from './mistake.ts'

/** Asks the server over HTTP, as its user. */
export type Ask = <T>(method: string, path: string, body?: object) => Promise<T>

export function createClient(github: LocalGitHub, token: string): Ask {
  return async <T>(method: string, path: string, body?: object) => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Mistake(`${method} ${path} was refused: ${messageOf(text)}`)
    return (text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message
  } catch {
    return text
  }
}
