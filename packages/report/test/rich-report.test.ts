import { describe, expect, it } from 'vitest'
import { type ModelRecords, renderReport, renderStepSummary, renderTerminal } from '../src/index.ts'
import { firstGate, training } from './records.ts'
import { approvalGate, dataChanges, richGate, richValidation } from './rich-records.ts'

function records(change: Partial<ModelRecords> = {}): ModelRecords {
  return {
    model: 'flight-delay',
    validation: richValidation(),
    training: training(),
    gate: richGate(),
    ...change,
  }
}

const context = { listChanged: 'npx modelyard changed modelyard-gate-flight-delay/gate.json --to wrong' }

describe('a report on everything that a gate may look at', () => {
  it('shows all of it, what decides open, the rest folded', async () => {
    const { markdown, title } = renderReport(records(), context)
    await expect(`${markdown}\n`).toMatchFileSnapshot('fixtures/report-rich.md')
    expect(title).toBe('❌ flight-delay is not good enough to replace v1.0.0')
  })

  it('says in its first lines that a person has to approve, and why', async () => {
    const datasets = richValidation().predicate.datasets.map((each) =>
      each.role === 'holdout' ? { ...each, rows: 8000 } : each,
    )
    const all = records({ gate: approvalGate(), validation: richValidation({ datasets }) })
    const { markdown, title, conclusion } = renderReport(all, context)
    await expect(`${markdown}\n`).toMatchFileSnapshot('fixtures/report-approval.md')
    expect(title).toBe('⚠️ flight-delay: a person has to approve this before it replaces v1.0.0')
    expect(conclusion).toBe('success')
  })

  it('reads the same in a terminal and in the summary of a step', async () => {
    await expect(`${renderTerminal(richGate())}\n`).toMatchFileSnapshot('fixtures/terminal-gate-rich.txt')
    await expect(`${renderStepSummary(richValidation())}\n`).toMatchFileSnapshot('fixtures/summary-validation-rich.md')
  })

  it('shows what changed in the data where a gate record of before says it, and says what could not be compared', () => {
    const { changes: _, ...validation } = richValidation().predicate
    const gate = richGate({ data_changes: dataChanges })
    const old = renderReport(records({ gate, validation: richValidation({ ...validation, changes: [] }) })).markdown
    expect(old).toContain('<summary>Training data: 3\u00a0columns changed since v1.0.0</summary>')
    expect(renderTerminal(gate)).toContain('Training data: 3\u00a0columns changed since v1.0.0')

    const reason = 'Nothing is known of the data of main. Without a token, GitHub is not asked for what its runs left.'
    const unknown = { ...dataChanges, since: 'base' as const, name: 'main', reference: null, changed: [], reason }
    const { markdown } = renderReport(records({ validation: richValidation({ changes: [unknown] }) }))
    expect(markdown).toContain('<summary>Training data against main: not compared</summary>')
    expect(markdown).toContain(reason)
  })

  it('names the tolerance of a test of behaviour, and says once why groups cannot be compared', () => {
    const { predicate } = richGate()
    const reason = 'carrier is the same in every row, and two groups are needed to compare.'
    const none = { value: null, low: null, high: null, reason }
    const [fairness] = predicate.fairness!
    const gate = richGate({
      behaviour: [{ ...predicate.behaviour![0]!, expect: 'increases', tolerance: 0.1 }],
      fairness: [{ ...fairness!, groups: [{ name: 'WN', rows: 3000, rate: none }], candidate: none, champion: null }],
    })
    const { markdown } = renderReport(records({ gate }))
    expect(markdown).toContain('the prediction rises by more than 0.1 in at least 95\u00a0% of the rows')
    expect(markdown.split(reason)).toHaveLength(2)
  })

  it('does not pass where the record says so and a behaviour test does not', () => {
    const passing = {
      verdict: 'pass' as const,
      gates: richGate().predicate.gates.filter(({ verdict }) => verdict === 'pass'),
    }
    expect(renderReport(records({ gate: richGate(passing) })).verdict).toBe('fail')
    const behaviour = richGate().predicate.behaviour!.map((each) => ({ ...each, verdict: 'pass' as const }))
    expect(renderReport(records({ gate: richGate({ ...passing, behaviour }) })).verdict).toBe('pass')
    expect(renderReport(records({ gate: richGate({ ...passing, behaviour, gates: [] }) })).verdict).toBe('fail')
  })

  it('does not blame a missing champion for what a test of behaviour cannot say', () => {
    const behaviour = richGate().predicate.behaviour!.map((each) => ({ ...each, verdict: 'inconclusive' as const }))
    const gate = firstGate({ verdict: 'inconclusive', behaviour, reasons: [behaviour[0]!.reason] })
    const { title, markdown } = renderReport(records({ gate }))
    expect(title).toBe('🟡 flight-delay: not enough evidence to say')
    expect(markdown).toContain('**With distance times 1.609344')
  })

  it('does not say that nothing gathers where nobody looked', () => {
    const { markdown } = renderReport(records({ gate: richGate({ changed: { newly_right: 1, newly_wrong: 2 } }) }))
    expect(markdown).toContain('Rows that changed sides: 1 newly right, 2 newly wrong.')
    expect(markdown).not.toContain('No part of the hold-out')
  })
})
