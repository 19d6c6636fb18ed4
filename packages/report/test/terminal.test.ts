import { describe, expect, it } from 'vitest'
import { renderChangedRows } from '../src/index.ts'

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
