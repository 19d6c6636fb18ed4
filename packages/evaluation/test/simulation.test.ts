import type { PredictionMetric } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../simulation/cell.ts'
import { cellsOf } from '../simulation/cells.ts'
import { groupWorld } from '../simulation/fairness.ts'
import { callsForP99, findingsOf } from '../simulation/findings.ts'
import { drawsOf } from '../simulation/random.ts'
import { write } from '../simulation/tables.ts'
import { accuracyWorld, aucWorld, brierWorld, groupedWorld } from '../simulation/worlds.ts'
import { compareMetrics } from '../src/index.ts'
import { options } from './samples.ts'

describe('the worlds of the simulation', () => {
  it.each([
    ['accuracy', accuracyWorld, -0.01],
    ['accuracy', groupedWorld, -0.01],
    ['roc_auc', aucWorld, -0.01],
    ['brier_score', brierWorld, 0.01],
  ] as const)('are as far apart as they say: %s, %o', (metric: PredictionMetric, world, difference) => {
    for (const discordance of [0.02, 0.2]) {
      const sample = world({ rows: 100_000, discordance, difference }, drawsOf(1, 2, 3))
      const found = compareMetrics(sample, [metric], options)[0]!.difference!
      expect(Math.abs(found.value! - difference)).toBeLessThan(found.high! - found.low!)
      const differ = sample.candidate.reduce((sum, score, row) => sum + +(score !== sample.champion![row]), 0)
      expect(differ / 100_000).toBeCloseTo(discordance, 2)
    }
  })

  it('of groups are as far apart as they say, and in clusters alike', () => {
    const sizes = [40_000, 40_000, 40_000]
    for (const [clusterSize, crossed] of [
      [1, false],
      [10, false],
      [30, true],
    ] as const) {
      const { sample, names } = groupWorld(
        { sizes, rate: 0.5, difference: 0.1, clusterSize, crossed },
        drawsOf(1, 2, 3),
      )
      const share = (group: string) => {
        const rows = names.flatMap((name, row) => (name === group ? [row] : []))
        return rows.reduce((sum, row) => sum + +(sample.candidate[row]! > 0.5), 0) / rows.length
      }
      expect(['g0', 'g1', 'g2'].map((group) => share(group).toFixed(1))).toEqual(['0.4', '0.5', '0.5'])
      expect(sample.groups?.count ?? 120_000).toBe(120_000 / clusterSize)
      const seen = sample.groups && new Set(names.filter((_, row) => sample.groups!.of[row] === 7))
      expect(seen?.size ?? 1).toBe(crossed ? 3 : 1)
    }
  })

  it('are the same for the same trial, and others for another', () => {
    const draw = (cell: number, trial: number) => drawsOf(1, cell, trial).uniform()
    expect(draw(4, 5)).toBe(draw(4, 5))
    expect(new Set([draw(4, 5), draw(5, 4), draw(4, 6)]).size).toBe(3)
  })
})

describe('the findings of the simulation', () => {
  const cell = (question: Cell['question'], trials: number): Cell => ({
    question,
    name: 'x',
    world: { rows: 500, discordance: 0.02, difference: -0.01 },
    trials,
    cost: 1,
    run: () => {},
  })
  const missed = (question: Cell['question'], tally: Record<string, number>, trials = 4000) =>
    findingsOf([{ cell: cell(question, trials), tally }])
      .filter(({ question }) => question !== 'exact')
      .some(({ missed }) => missed)

  it('miss a goal beyond three standard errors, and not within', () => {
    expect(missed('margin', { pass: 129 })).toBe(false)
    expect(missed('margin', { pass: 130 })).toBe(true)
    expect(missed('margin', {})).toBe(false)
    expect(missed('slices', { alarm: 300 })).toBe(true)
    expect(missed('power', { pass: 130 })).toBe(true)
    expect(missed('parity', { alarm: 242 })).toBe(true)
    expect(missed('parity', { alarm: 241, 'point gate': 4000 })).toBe(false)
    const f1 = (covered: number) => ({
      'f1 candidate samples': 4000,
      'f1 candidate intervals': 4000,
      'f1 candidate covered': covered,
    })
    expect(missed('coverage', f1(3650))).toBe(true)
    expect(missed('coverage', f1(3720))).toBe(false)
  })

  it('miss every goal that nothing was counted for', () => {
    expect(missed('margin', {}, 0)).toBe(true)
    expect(missed('coverage', { 'f1 candidate samples': 4000 })).toBe(true)
  })

  it('name the worst cell and where there is no bound', () => {
    expect(callsForP99()).toBe(368)
    const outcomes = cellsOf(0.001).map((cell) => ({ cell, tally: { pass: cell.world?.rows === 500 ? 1 : 0 } }))
    const text = write(findingsOf(outcomes))
    expect(text).toMatch(/Worst: 25\.0 % for accuracy with 500 rows and 2 %; 4 trials each/)
    expect(text).toMatch(/367 calls do not bound a p99/)
  })
})

it('a gate on groups holds its promise where a difference is exactly what it allows', () => {
  const fairness = (difference: number, tally: Record<string, number>) =>
    findingsOf([
      {
        cell: {
          question: 'fairness',
          name: 'x',
          world: { rows: 500, difference },
          trials: 4000,
          cost: 1,
          run: () => {},
        },
        tally,
      },
    ]).some(({ missed }) => missed)
  expect(fairness(0.1, { pass: 129, fail: 129 })).toBe(false)
  expect(fairness(0.1, { pass: 130 })).toBe(true)
  expect(fairness(0.1, { fail: 130 })).toBe(true)
  expect(fairness(0.2, { fail: 4000 })).toBe(false)
})

it('the gate on groups that is simulated passes what it should and fails what it should', () => {
  const cells = cellsOf(1)
  const count = (name: string, difference: number) => {
    const index = cells.findIndex((cell) => cell.name === name && cell.world?.difference === difference)
    const tally: Record<string, number> = {}
    for (let trial = 0; trial < 5; trial++) cells[index]!.run(drawsOf(1, index, trial), tally)
    return tally
  }
  expect(count('5 groups of 200', 0.3)).toMatchObject({ fail: 5, 'four-fifths': 5 })
  expect(count('2 groups of 1,000', 0)).toMatchObject({ pass: 5 })
})

it('the decision that is simulated passes what it should and fails what it should', () => {
  const count = (difference: number) => {
    const tally: Record<string, number> = {}
    const cells = cellsOf(1)
    const index = cells.findIndex(
      ({ question, world }) => question === 'power' && world?.rows === 10_000 && world.difference === difference,
    )
    for (let trial = 0; trial < 20; trial++) cells[index]!.run(drawsOf(1, index, trial), tally)
    return tally
  }
  expect(count(0.01)).toMatchObject({ pass: 20 })
  expect(count(-0.02)).toMatchObject({ fail: 20 })
})
