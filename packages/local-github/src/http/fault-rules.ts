import type { Fault, FaultMatch, FaultRule } from './faults.ts'

/** What holds of a member, and how that is said. */
type Check = readonly [says: string, holds: (value: unknown) => boolean]

const TEXT: Check = ['a text', (value) => typeof value === 'string']
const MAPPING: Check = ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)]
const WHEN: Check = ["'before' or 'after'", (value) => value === 'before' || value === 'after']
const AMOUNT: Check = ['a number from 0 on', (value) => Number.isFinite(value) && Number(value) >= 0]
const COUNT: Check = [
  'a whole number from 1 on',
  (value) => value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) >= 1),
]
const STATUS: Check = [
  'a status from 200 to 599',
  (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
]

const MATCH = {
  method: [TEXT],
  path: [['a text or an expression', (value) => typeof value === 'string' || value instanceof RegExp]],
  nth: [COUNT],
  times: [COUNT],
} satisfies Members<Required<FaultMatch>>

/** The members of each kind; those that must be there say so. */
const FAULTS = {
  status: { status: [STATUS, 'needed'], when: [WHEN], body: [MAPPING], headers: [MAPPING] },
  'secondary-limit': { retryAfter: [AMOUNT] },
  slow: { milliseconds: [AMOUNT, 'needed'] },
  truncated: { bytes: [AMOUNT, 'needed'] },
  dropped: { when: [WHEN, 'needed'] },
  'broken-upload': { bytes: [AMOUNT, 'needed'] },
} satisfies { [Kind in Fault['kind']]: Members<Omit<Required<Extract<Fault, { kind: Kind }>>, 'kind'>> }

type Members<T> = Record<keyof T, readonly [check: Check, needed?: 'needed']>

/** Refuses a rule that would hit nothing, or everything, because of how it was written. */
export function demandRule(rule: FaultRule): void {
  const { match, fault, before, ...others } = rule
  const [other] = Object.keys(others)
  if (other !== undefined) throw new TypeError(`A fault rule has match, fault and before, no ${other}.`)
  if (!MAPPING[1](match)) throw new TypeError('A fault rule needs a match; `match: {}` is every request.')
  demandMembers('The match of a fault', match, MATCH)
  if (before !== undefined && typeof before !== 'function')
    throw new TypeError('before of a fault rule is no function.')
  if (fault === undefined) return
  const { kind, ...members } = fault
  if (!Object.hasOwn(FAULTS, kind))
    throw new TypeError(`There is no fault of the kind ${kind}: name one of ${Object.keys(FAULTS).join(', ')}.`)
  demandMembers(`A fault of the kind ${kind}`, members, FAULTS[kind])
}

/** The same of the requests that a client is stopped after. */
export function demandStop(calls: number, match: FaultMatch): void {
  if (!COUNT[1](calls)) throw new TypeError(`stopAfter takes ${COUNT[0]} of calls, not ${calls}.`)
  const { method, path } = MATCH
  demandMembers('The match of stopAfter', match, { method, path })
}

function demandMembers(what: string, given: object, members: Members<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(members, name))
      throw new TypeError(`${what} has no ${name}: name ${Object.keys(members).join(', ')}.`)
    const [says, holds] = members[name]![0]
    if (value !== undefined && !holds(value)) throw new TypeError(`${name} is ${says}, not ${String(value)}.`)
  }
  for (const [name, [check, needed]] of Object.entries(members))
    if (needed && (given as Record<string, unknown>)[name] === undefined)
      throw new TypeError(`${what} needs ${name}, ${check[0]}.`)
}
