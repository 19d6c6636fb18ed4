import type { Hub } from '../hub.ts'
import type { Job, Run } from '../store/entities.ts'

/** A job that has shown its runtime token. */
export interface RuntimeCaller {
  run: Run
  job: Job
}

/** Twirp's error codes and the HTTP status of each (twitchtv.github.io/twirp/docs/errors.html). */
const STATUS = {
  malformed: 400,
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  bad_route: 404,
  not_found: 404,
  already_exists: 409,
}

export class TwirpError extends Error {
  readonly code: keyof typeof STATUS
  constructor(code: keyof typeof STATUS, message: string) {
    super(message)
    this.code = code
  }

  toResponse(): Response {
    return Response.json({ code: this.code, msg: this.message }, { status: STATUS[this.code] })
  }
}

/** Reads `ACTIONS_RUNTIME_TOKEN`; it holds for as long as its job runs. */
export function authenticateRuntime(hub: Hub, header: string | undefined): RuntimeCaller {
  const claims = hub.oidc.verify(header?.replace(/^Bearer /i, '') ?? '')
  const job = hub.store.jobs.get(Number(claims?.job))
  const run = job && hub.store.runs.get(job.run)
  if (!job || !run || job.status !== 'in_progress') throw new TwirpError('unauthenticated', 'The token is not valid.')
  return { run, job }
}

/** A message as protobuf's JSON. */
export type Message = Readonly<Record<string, unknown>>

export function parseMessage(text: string): Message {
  try {
    const message: unknown = JSON.parse(text)
    if (message !== null && typeof message === 'object' && !Array.isArray(message)) return message as Message
  } catch {}
  throw new TwirpError('malformed', 'the json request could not be decoded')
}

/** A string that must be there. */
export function textOf(message: Message, name: string): string {
  const value = optionalText(message, name)
  if (value === undefined || value === '') throw new TwirpError('invalid_argument', `${name} is missing`)
  return value
}

/** A string, or a `StringValue`, which is written like one. */
export function optionalText(message: Message, name: string): string | undefined {
  const value = member(message, name)
  if (value === undefined || typeof value === 'string') return value
  throw new TwirpError('malformed', `${name} is not a string`)
}

export function textsOf(message: Message, name: string): string[] {
  const value = member(message, name) ?? []
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new TwirpError('malformed', `${name} is not a list of strings`)
}

/** An `int64`, which JSON carries as a string; undefined where it is missing. */
export function optionalCount(message: Message, name: string): number | undefined {
  const value = member(message, name)
  if (value === undefined) return undefined
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count
  throw new TwirpError('malformed', `${name} is not a number`)
}

export function countOf(message: Message, name: string): number {
  const count = optionalCount(message, name)
  if (count === undefined) throw new TwirpError('invalid_argument', `${name} is missing`)
  return count
}

/** A name comes in snake_case, as the clients write it, or in camelCase. */
function member(message: Message, name: string): unknown {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  for (const key of [name, camel]) if (Object.hasOwn(message, key)) return message[key] ?? undefined
  return undefined
}
