import type { Probe } from '../checks/plan.ts'
import { type Sql, sql } from '../conditions.ts'

/** A pattern from end to end, of which neither end is in a group, an alternative or an escape. */
const WHOLE = /^\^((?![*+?{])(?:[^|()\\]|\\[dDwWsS.+*?-])*)\$$/

/**
 * Whether text matches a pattern somewhere, unless the pattern itself speaks of its ends. A match of all of the text is
 * asked for as such: that, DuckDB looks at once for each different text of a page and not for each row.
 */
export function matching(text: string, pattern: string): Sql {
  const [, whole] = WHOLE.exec(pattern) ?? []
  return whole === undefined
    ? sql(`regexp_matches(${text}::VARCHAR, ?)`, pattern)
    : sql(`regexp_full_match(${text}::VARCHAR, ?)`, whole)
}

/** What patterns of other engines have, and RE2 has not. */
const UNKNOWN: ReadonlyArray<[RegExp, string]> = [
  [/(?<!\\)\(\?<?[=!]/, 'look-ahead or look-behind'],
  [/(?<!\\)\\[1-9]/, 'reference to an earlier group'],
  [/(?<!\\)(?:[*+?}]\+|\(\?>)/, 'possessive or atomic group'],
]

/** Whether DuckDB knows a pattern. */
export function probeOf(pattern: string): Probe {
  const unknown = UNKNOWN.find(([sign]) => sign.test(pattern))?.[1]
  return {
    ...sql("regexp_matches('', ?)", pattern),
    of: 'The pattern',
    ...(unknown !== undefined && { why: `RE2, which DuckDB matches by, knows no ${unknown}.` }),
  }
}
