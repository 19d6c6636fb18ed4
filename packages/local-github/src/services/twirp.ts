import type { Hub } from '../hub.ts'
import type { Job, Run } from '../store/entities.ts'

/** A job that has shown its runtime token. */
export interface RuntimeCaller {
  run: Run
  job: Job
}

/** Twirp's error codes and the HTTP status of each. */
const STATUS = {
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  invalid_argument: 400,
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

export type Message = Record<string, string | undefined>

/** Protobuf's JSON comes in camelCase or snake_case; the clients send the latter. */
export function field(message: Message, name: string): string {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const value = message[name] ?? message[camel]
  if (value === undefined || value === null) throw new TwirpError('invalid_argument', `${name} is missing`)
  return String(value)
}
