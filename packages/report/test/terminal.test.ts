import { describe, expect, it } from 'vitest'
import { renderChangedRows, renderTerminal } from '../src/index.ts'
import * as given from './records.ts'

describe('a table in a terminal', () => {
  it('shows a thousand rows, whatever there are, and says how many more there are', () => {
    const rows = Array.from({ length: 150_000 }, (_, index) => {
      return { id: `${index}`, newly: 'right' as const, label: '1', champion: '0', candidate: '1' }
    })
    const lines = renderChangedRows({ model: 'm', champion: 'v1.0.0', rows, notes: [] }, { color: false }).split('\n')
    expect(lines).toHaveLength(2 + 1 + 1000 + 1)
    expect(lines.at(-2)).toMatch(/^999 /)
    expect(lines.at(-1)).toBe('… and 149,000 more: --json lists all.')
  })
})

describe('what the data break', () => {
  const record = given.validation()
  const check = record.predicate.checks[0]!
  const shown = (columns: number) => {
    const checks = Array.from({ length: columns }, (_, index) => {
      const found = `${'Some of the rows are not. '.repeat(6)}No. ${index}.`
      return { ...check, column: `column_${index}`, verdict: 'fail' as const, found, line: index }
    })
    const reasons = checks.map(({ column, expected, found }) => `train ${column}: Asked: ${expected} Found: ${found}`)
    const said = {
      ...record.predicate,
      verdict: 'fail' as const,
      checks,
      reasons: [...reasons, 'There is no contract.'],
    }
    return renderTerminal({ ...record, predicate: said }).split('\n')
  }

  it('is said once, in no more than 100 columns, and reasons of another kind stay', () => {
    const lines = shown(3)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines.join(' ').match(/Asked: /g)).toHaveLength(3)
    expect(lines.join(' ').match(/No\. 2\./g)).toHaveLength(1)
    expect(lines).toContain('There is no contract.')
  })

  it('is said of a hundred checks, and how many more there are', () => {
    const lines = shown(120)
    expect(lines.filter((line) => line.startsWith('  ❌'))).toHaveLength(100)
    expect(lines).toContain('… and 20 more: --json lists all.')
  })
})
