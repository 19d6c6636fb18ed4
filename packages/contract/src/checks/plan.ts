import type { Column, Dataset } from '@modelyard/data'
import type { Predicate, Verdict } from '@modelyard/spec'
import { countWhere, type Sql } from '../conditions.ts'

/** A row that breaks a rule, as it is shown. */
export type Example = NonNullable<Predicate<'validation'>['checks'][number]['examples']>[number]

/** What a measurement came to, for one check. */
export interface Finding {
  verdict: Verdict
  /** A sentence with counts, never with values of the data. */
  found: string
  /** What else is said where the values of the column may be told: least and greatest numbers, what a query answers. */
  told?: string
  failing: number
  /** The numbers of the first rows that break it, from 0, of which examples are made. */
  rows?: number[]
  /** The first rows that break it. */
  examples?: Example[] | undefined
}

/** Something that a contract asks, before it was looked at. */
export interface Asked {
  column: string | null
  rule: string
  expected: string
  line?: number
  /** Whether it is about values that may not be told (`personalColumns`). */
  personal?: true
}

/** A check, and how it is decided. */
export type Planned = Asked & (Decided | Measured | Whole)

/** The columns alone decide it. */
export interface Decided {
  kind: 'decided'
  finding: Finding
}

/** One number over all rows; those of several parts of them come together by `merge`, in any order. */
export interface Aggregate {
  sql: Sql
  merge: 'sum' | 'min' | 'max'
  /** It is asked for only to be told, and left out where that may not be. Such ones come last. */
  told?: true
}

/** What DuckDB must be able to evaluate for the aggregates to make sense. */
export type Probe = Sql & {
  /** What of the rule that is: `The pattern`. */
  of: string
  /** Whether it reads the data, which what DuckDB says may then quote. */
  reads?: true
  /** Why it cannot be evaluated, where DuckDB says less. */
  why?: string
}

/** Decided from aggregates over rows, one by one: all checks of this kind are one scan, which may be done in parts. */
export interface Measured {
  kind: 'measured'
  aggregates: Aggregate[]
  /** The rows that break it, of which a few are shown; none for what is about no single row. */
  breaking?: Sql
  probes?: readonly Probe[]
  /** Gets the aggregates in their order, the number of rows, and the aggregates again as exact text. */
  judge(values: Array<number | null>, rows: number, exact: Array<string | null>): Finding
}

/** Decided from all rows together: what is unique, a query of the contract's own, another dataset. */
export interface Whole {
  kind: 'whole'
  /** The columns whose values no two rows may share. */
  repeats?: readonly Column[]
  /** A query of the contract's own; `find` asks another in its place where it is given one. */
  query?: string
  find(dataset: Dataset, query?: string): Promise<Finding>
}

export function decided(asked: Asked, verdict: Verdict, found: string, failing = 0): Planned {
  return { ...asked, kind: 'decided', finding: { verdict, found, failing } }
}

/** What is asked but cannot be looked at is said, and never passes. */
export function notExecuted(asked: Asked, why: string): Planned {
  return decided(asked, 'inconclusive', why)
}

/** A finding as it is written down: with what is told of values, where that may be told. */
export function written({ told, ...finding }: Finding, { personal }: Pick<Asked, 'personal'>): Finding {
  return told === undefined || personal ? finding : { ...finding, found: `${finding.found} ${told}` }
}

export function sumOf(sql: Sql): Aggregate {
  return { sql, merge: 'sum' }
}

/** A check that counts the rows that break a rule, and allows none. `breaking` is the condition that those rows meet. */
export function noRows(
  asked: Asked,
  breaking: Sql,
  breaks: string,
  extreme?: { aggregate: Aggregate; name: string },
): Asked & Measured {
  const count = sumOf({ text: countWhere(breaking.text), values: breaking.values })
  return {
    ...asked,
    kind: 'measured',
    aggregates: extreme ? [count, { ...extreme.aggregate, told: true }] : [count],
    breaking,
    judge([failing], rows, [, value]) {
      const told = extreme && value ? { told: `The ${extreme.name} is ${tidied(value)}.` } : {}
      return { ...noneOf(failing ?? rows, rows, breaks), ...(failing !== 0 && told) }
    },
  }
}

/** What a number of rows comes to that break a rule which allows none. */
export function noneOf(failing: number, rows: number, breaks: string): Finding {
  if (failing === 0) return { verdict: 'pass', found: `None of ${counted(rows)} ${breaks}.`, failing }
  return { verdict: 'fail', found: `${number(failing)} of ${counted(rows)} ${breaks}.`, failing }
}

/** A number as people write it, with all digits that it has. */
function tidied(text: string): string {
  const trimmed = text.replace(/\.0+$|(\.\d*?)0+$/, '$1')
  return /e/i.test(text) ? String(Number(text)) : trimmed
}

export function counted(rows: number): string {
  return `${number(rows)} ${rows === 1 ? 'row' : 'rows'}`
}

/** Made once: `toLocaleString` makes one for each number. */
const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })

export function number(value: number): string {
  return numbers.format(value)
}
