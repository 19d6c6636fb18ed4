import { setTimeout } from 'node:timers/promises'
import { RefusedError } from '@modelyard/spec'

const ATTEMPTS = 4
const WAIT_MS = 500

/**
 * Sends a request to a store, again where the connection failed or the store was overloaded. Answers with what came,
 * if its status is among those `expected`; throws a `RefusedError` that says what the store said otherwise.
 */
export async function ask(
  doing: string,
  request: () => Promise<Response>,
  expected: readonly number[],
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await request().catch((error: Error) => error)
    if (response instanceof Response && expected.includes(response.status)) return response
    const passes = response instanceof Error || response.status >= 500 || response.status === 429
    if (!passes || attempt === ATTEMPTS) throw new RefusedError(`${doing} failed: ${await said(response)}.`)
    if (response instanceof Response) await response.body?.cancel()
    await setTimeout(WAIT_MS * 2 ** attempt)
  }
}

async function said(response: Response | Error): Promise<string> {
  if (response instanceof Error) {
    const { cause } = response
    return `it could not be reached (${cause instanceof Error ? cause.message : response.message}). Run it again`
  }
  const text = (await response.text())
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
  const mend = response.status === 401 || response.status === 403 ? '. Look at the credentials' : ''
  return `${response.status} ${response.statusText}${text === '' ? '' : ` (${text})`}${mend}`
}
