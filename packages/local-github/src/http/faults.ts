import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { dropAnswer, replaceAnswer, truncateAnswer } from './broken-answers.ts'
import { demandRule, demandStop } from './fault-rules.ts'
import { secondaryLimit } from './secondary-limits.ts'

/** What goes wrong with a request. */
export type Fault =
  /** Answered with this instead of being done or, `when: 'after'`, although it was done. */
  | { kind: 'status'; status: number; when?: 'before' | 'after'; body?: object; headers?: Record<string, string> }
  /** Refused, with the request to wait for so many seconds (60 when missing). */
  | { kind: 'secondary-limit'; retryAfter?: number }
  /** Done so many milliseconds late. */
  | { kind: 'slow'; milliseconds: number }
  /** Done, but the connection breaks after so many bytes of the answer's body. */
  | { kind: 'truncated'; bytes: number }
  /** The connection breaks before what was asked for is done, or after it: the answer is lost. */
  | { kind: 'dropped'; when: 'before' | 'after' }
  /** The upload breaks after so many bytes of the request's body: an asset stays in the state `starter`. */
  | { kind: 'broken-upload'; bytes: number }

/** The requests that are meant; all members that are stated must fit. */
export interface FaultMatch {
  method?: string
  /** Of the address with its query, as it was sent: a text that it contains, or an expression. */
  path?: string | RegExp
  /** The first of the requests that fit to be hit; 1 when missing. */
  nth?: number
  /** How many are hit, one after the other; 1 when missing. */
  times?: number
}

export interface FaultRule {
  match: FaultMatch
  fault?: Fault
  /** Happens first, before the request is done. */
  before?: () => unknown
}

/** Faults on demand: what networks, proxies and GitHub do to a client. */
export interface Faults {
  /**
   * The answer says how many requests were hit so far, and takes the fault back. A `TypeError` names what is written
   * wrongly.
   */
  add: (rule: FaultRule) => { hits: () => number; remove: () => void }
  /** From now on nothing goes wrong any more. */
  clear: () => void
  /**
   * Stops the client after so many calls: what the last of them asked for has happened, `kill` is called in place of its
   * answer, and no request that fits is answered any more. The answer lists the calls: `PATCH /api/v3/…`.
   */
  stopAfter: (calls: number, kill: () => unknown, match?: Omit<FaultMatch, 'nth' | 'times'>) => readonly string[]
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>
type Behaviour = (request: IncomingMessage, response: ServerResponse, answer: Answer) => Promise<void>

/** The faults of one server, and what answers a request with them. */
export function createFaults(): Faults & { serve: Behaviour } {
  /** Each says what it does to a request, if it is one that it hits. */
  const rules = new Set<(request: IncomingMessage) => Behaviour | undefined>()

  return {
    add: (rule) => {
      demandRule(rule)
      const { match, fault, before } = rule
      const { nth = 1, times = 1 } = match
      let seen = 0
      const behave: Behaviour = async (request, response, answer) => {
        await before?.()
        await (fault ? misbehave(fault, request, response, answer) : answer(request, response))
      }
      const hit = (request: IncomingMessage) => {
        if (!fits(request, match)) return undefined
        seen += 1
        return seen >= nth && seen < nth + times ? behave : undefined
      }
      rules.add(hit)
      return {
        hits: () => Math.min(Math.max(seen - nth + 1, 0), times),
        remove: () => void rules.delete(hit),
      }
    },
    clear: () => rules.clear(),
    stopAfter: (calls, kill, match = {}) => {
      demandStop(calls, match)
      const answered: string[] = []
      rules.add((request) => {
        if (!fits(request, match)) return undefined
        if (answered.length >= calls) return async () => {}
        answered.push(`${request.method} ${request.url}`)
        if (answered.length < calls) return undefined
        return (asked, response, answer) => {
          replaceAnswer(response, () => void kill())
          return answer(asked, response)
        }
      })
      return answered
    },
    serve: async (request, response, answer) => {
      // Every rule counts the requests that fit; the first that hits decides.
      const [behave] = [...rules].map((rule) => rule(request)).filter((each) => each !== undefined)
      await (behave ? behave(request, response, answer) : answer(request, response))
    },
  }
}

function fits({ method, url = '' }: IncomingMessage, match: FaultMatch): boolean {
  const { path } = match
  if (match.method !== undefined && match.method !== method) return false
  return path === undefined || (typeof path === 'string' ? url.includes(path) : url.search(path) >= 0)
}

async function misbehave(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  switch (fault.kind) {
    case 'status': {
      const { status, body = { message: `Fault ${status}` }, headers = {} } = fault
      const send = () => void respond(response, status, body, headers)
      if (fault.when !== 'after') return send()
      replaceAnswer(response, send)
      return answer(request, response)
    }
    case 'secondary-limit': {
      const { status, body, headers } = secondaryLimit(fault.retryAfter ?? 60)
      return respond(response, status, body, headers)
    }
    case 'slow':
      await wait(fault.milliseconds, undefined, { ref: false })
      return answer(request, response)
    case 'truncated':
      truncateAnswer(response, fault.bytes)
      return answer(request, response)
    case 'dropped':
      if (fault.when === 'before') return void request.destroy()
      dropAnswer(response)
      return answer(request, response)
    case 'broken-upload':
      dropAnswer(response)
      return answer(cutShort(request, fault.bytes), response)
  }
}

function respond(response: ServerResponse, status: number, body: object, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

/** The same request, whose body breaks off. */
function cutShort(request: IncomingMessage, bytes: number): IncomingMessage {
  const { method, url, headers } = request
  async function* pieces() {
    let left = bytes
    for await (const chunk of request as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, left)
      left -= chunk.length
      if (left <= 0) throw new Error('The upload broke.')
    }
  }
  return Object.assign(Readable.from(pieces()), { method, url, headers }) as unknown as IncomingMessage
}
