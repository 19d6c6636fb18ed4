import { appendFileSync } from 'node:fs'
import type { Served } from '../src/http/contract.ts'

const known = new Set<string>()

/** Remembers each operation that has answered as GitHub describes it, for the count after all tests: see count.ts. */
export function recordServed({ operation, status }: Served): void {
  const file = process.env.LOCAL_GITHUB_EXERCISED
  if (file === undefined || operation === null || status >= 400 || known.has(operation)) return
  known.add(operation)
  appendFileSync(file, `${operation}\n`)
}
