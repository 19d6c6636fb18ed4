import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../src/paths.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const guide = read('docs/gto.md')
const unique = (names: Iterable<string>) => [...new Set(names)].sort()

describe('the guide on GTO', () => {
  it('has a row for each of the 24 cases, and each has a test of its name', () => {
    const rows = [...guide.matchAll(/^\| (E\d+) \|/gm)].map(([, name]) => name!)
    const tests = [...read('packages/registry/test/gto-traps.test.ts').matchAll(/'(E\d+): /g)].map(([, name]) => name!)
    expect(rows).toEqual(Array.from({ length: 24 }, (_, index) => `E${index + 1}`))
    expect(unique(tests)).toEqual(unique(rows))
  })

  it('has a row for each trap that the doctor finds', () => {
    const [, found = ''] = guide.split('## What the doctor finds')
    const [, ...rows] = [...found.matchAll(/^\| ([a-zA-Z ]+) \|/gm)].map(([, name]) => name!)
    const [, kinds = ''] = read('packages/registry/src/traps/trap.ts').split('export type TrapKind =')
    const [list = ''] = kinds.split('/**')
    expect(unique(rows)).toEqual(unique([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name!)))
  })
})
