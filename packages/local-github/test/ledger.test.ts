import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { writeLedger } from '../semantics/ledger.ts'
import { RULES } from '../semantics/rules.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it('is what docs/github-semantics.md shows', () => {
  expect(read('../../../docs/github-semantics.md')).toBe(writeLedger(RULES))
})

it('names each rule once', () => {
  const ids = RULES.map(({ id }) => id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

it.each(RULES)('$id has a source, a test of its name, and a place in the server to be taken out of', (rule) => {
  const { id, source, test, takeOut } = rule
  expect(source).toMatch(/\S/)
  expect(read(`semantics/${test}`).split(`'${id}`)).toHaveLength(2)
  expect(read(`../src/${takeOut.file}`).split(takeOut.from)).toHaveLength(2)
  expect(takeOut.to).not.toBe(takeOut.from)
})
