import { setTimeout } from 'node:timers/promises'
import { parseJson, RefusedError } from '@modelyard/spec'

const ATTEMPTS = 4
const WAIT_MS = 500
const MOST_SAID = 300

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
    if (response instanceof RefusedError) throw response
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
  const text = reasonIn(await response.text())
  const mend = response.status === 401 || response.status === 403 ? '. Look at the credentials' : ''
  return plain(`${response.status} ${response.statusText}${text === '' ? '' : ` (${text})`}${mend}`)
}

/**
 * Code and message of an error as S3 (XML), OCI registries (`errors`) and Git LFS (`message`) write it. Nothing else of
 * an answer is shown: S3 puts the session token into one, and what was signed.
 */
function reasonIn(text: string): string {
  const { errors, ...whole } = asObject(parseJson(text))
  const { code, message } = asObject(Array.isArray(errors) ? errors[0] : whole)
  const inXml = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1]
  const said = [code ?? inXml('Code'), message ?? inXml('Message')]
  return said
    .filter((each) => typeof each === 'string' && each !== '')
    .join(': ')
    .slice(0, MOST_SAID)
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Without what moves a terminal's cursor or starts a line. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
}
