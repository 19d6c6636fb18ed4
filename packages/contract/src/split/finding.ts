import type { Column, Dataset } from '@modelyard/data'
import type { Check } from '../checks/check.ts'

export type Role = Check['dataset']

/** What is said of a check, but for the data that it is about and what it asks. */
export type Found = Pick<Check, 'verdict' | 'found'> & { failing?: number }

/** What a check is about, and what it asks. */
export type About = Pick<Check, 'dataset' | 'column' | 'rule' | 'expected'>

export function columnIn({ columns }: Dataset, name: string): Column | undefined {
  return columns.find((each) => each.name === name)
}

/** A check; nothing fails in one that passes. */
export function check(about: About, { verdict, found, failing = 0 }: Found): Check {
  return { ...about, verdict, found, failing: verdict === 'pass' ? 0 : failing }
}

/** A check that holds or fails. */
export function holds(about: About, good: boolean, found: string, failing = 0): Check {
  return check(about, { verdict: good ? 'pass' : 'fail', found, failing })
}

/** A share as people read it: `2.1 %`, and `less than 0.01 %` rather than nothing, `more than 99.9 %` rather than all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return 'less than 0.01 %'
  if (share < 1 && share >= 0.9995) return 'more than 99.9 %'
  return `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: share < 0.01 ? 2 : 1 })} %`
}
