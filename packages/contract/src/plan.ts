import type { Verdict } from '@modelyard/spec'
import type { Sql } from './conditions.ts'

/** What a measurement came to, for one check. */
export interface Finding {
  verdict: Verdict
  /** A sentence with counts, and least and greatest numbers, never other values of the data but the names of classes. */
  found: string
  failing: number
}

/** Something that a contract asks, before it was looked at. */
export interface Asked {
  column: string | null
  rule: string
  expected: string
  line?: number
}

/** A check, and how it is decided. */
export type Planned = Asked & (Decided | Measured | Queried)

/** The columns alone decide it. */
export interface Decided {
  kind: 'decided'
  finding: Finding
}

/** Decided from aggregates over all rows, which are computed for all checks in one scan. */
export interface Measured {
  kind: 'measured'
  aggregates: Sql[]
  /** What DuckDB must be able to evaluate for the aggregates to make sense: a pattern, a date. */
  probe?: Sql
  /** Gets the aggregates in their order, and the number of rows. */
  judge(values: Array<number | null>, rows: number): Finding
}

/** Decided from a query of the contract's own. */
export interface Queried {
  kind: 'queried'
  query: string
  judge(value: unknown): Finding
}

export function decided(asked: Asked, verdict: Verdict, found: string, failing = 0): Planned {
  return { ...asked, kind: 'decided', finding: { verdict, found, failing } }
}

/** What is asked but cannot be looked at is said, and never passes. */
export function notExecuted(asked: Asked, why: string): Planned {
  return decided(asked, 'inconclusive', why)
}

/** A check that counts the rows that break a rule, and allows none. */
export function noRows(asked: Asked, count: Sql, breaks: string, extreme?: { aggregate: Sql; name: string }): Planned {
  return {
    ...asked,
    kind: 'measured',
    aggregates: extreme ? [count, extreme.aggregate] : [count],
    judge([failing, value], rows) {
      if (failing === 0) return { verdict: 'pass', found: `None of ${counted(rows)} ${breaks}.`, failing }
      const also = extreme && typeof value === 'number' ? ` The ${extreme.name} is ${value}.` : ''
      return {
        verdict: 'fail',
        found: `${number(failing ?? rows)} of ${counted(rows)} ${breaks}.${also}`,
        failing: failing ?? rows,
      }
    },
  }
}

export function counted(rows: number): string {
  return `${number(rows)} ${rows === 1 ? 'row' : 'rows'}`
}

export function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 })
}
