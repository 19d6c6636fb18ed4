import type { GitHub } from '@modelyard/github'
import type { Repository } from './repository.ts'

type Fetch = typeof fetch

/** A request as it is told apart in these tests: `PATCH /repos/ada/models-1/git/refs/modelyard/m`, and what it says. */
export type Matches = (request: string, body: string) => boolean

/** Lets something happen right before the first request that matches is sent. */
export function before(matches: Matches, happen: () => Promise<unknown>, next: Fetch = fetch): Fetch {
  let isOver = false
  return async (input, init) => {
    if (!isOver && matches(line(input, init), bodyOf(init))) {
      isOver = true
      await happen()
    }
    return next(input, init)
  }
}

/** Lets something happen before every request that matches. */
export function always(matches: Matches, happen: () => Promise<unknown>): Fetch {
  return async (input, init) => {
    if (matches(line(input, init), bodyOf(init))) await happen()
    return fetch(input, init)
  }
}

/**
 * Loses the answer to one request: the server did what it was asked, and the client hears that the way broke. What
 * happens `meanwhile` happens before the client asks again.
 */
export function losing(matches: Matches, meanwhile: () => Promise<unknown> = async () => {}): Fetch {
  let isOver = false
  return async (input, init) => {
    const isIt = !isOver && matches(line(input, init), bodyOf(init))
    const response = await fetch(input, init)
    if (!isIt) return response
    isOver = true
    await response.arrayBuffer()
    await meanwhile()
    return new Response('{"message":"Bad Gateway"}', {
      status: 502,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
  }
}

/** Works in a process that is killed before it sends the first request that matches. */
export async function dieBefore(
  matches: Matches,
  repository: Repository,
  work: (github: GitHub) => Promise<unknown>,
  next: Fetch = fetch,
): Promise<void> {
  let die: () => void
  const dead = new Promise<void>((resolve) => {
    die = resolve
  })
  const kill = () => {
    die()
    return new Promise<never>(() => {})
  }
  await Promise.race([work(repository.connect(before(matches, kill, next))), dead])
}

/** The request that advances a model's log. */
export const advancesLog: Matches = (request, body) =>
  /^PATCH .*\/git\/refs\/modelyard/.test(request) || (isNewRef(request) && body.includes('"refs/modelyard/'))

/** The request that makes a draft. */
export const createsDraft: Matches = (request) => /^POST .*\/releases$/.test(request)

/** The request that makes a tag. */
export const makesTag: Matches = (request, body) => isNewRef(request) && body.includes('"refs/tags/')

/** The request that publishes a release. */
export const publishes: Matches = (request, body) =>
  /^PATCH .*\/releases\/\d+$/.test(request) && body.includes('"draft":false')

/** The request that uploads the model card. */
export const uploadsCard: Matches = (request) => /^POST .*name=MODEL_CARD\.md/.test(request)

function isNewRef(request: string): boolean {
  return /^POST .*\/git\/refs$/.test(request)
}

function line(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): string {
  const { pathname, search } = new URL(String(input))
  return `${init?.method ?? 'GET'} ${pathname}${search}`
}

function bodyOf(init: Parameters<Fetch>[1]): string {
  return typeof init?.body === 'string' ? init.body : ''
}
