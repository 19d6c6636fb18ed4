import type { Task } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { checkSplit } from '../src/index.ts'
import { csv } from './fixtures.ts'

const header = 'id,when,x,late\n'
const train = `${header}1,2001-01-01,1,0\n2,2001-01-02,2,1\n3,2001-01-03,3,0\n`
const holdout = `${header}4,2001-01-04,1,0\n5,2001-01-05,2,1\n`

async function split(trainText: string, holdoutText: string, task: Task = 'binary-classification') {
  const [a, b] = await Promise.all([csv(trainText), csv(holdoutText)])
  try {
    const checks = await checkSplit({ train: a, holdout: b, labels: ['late'], id: 'id', time: 'when', task })
    return checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map((each) => [each.dataset, each.rule, each.verdict, each.found])
  } finally {
    a.close()
    b.close()
  }
}

/** The same, without that it is about few rows. */
async function splitOfFew(...all: Parameters<typeof split>) {
  return (await split(...all)).filter(([, rule]) => rule !== 'size')
}

describe('checkSplit', () => {
  it('passes a clean split', async () => {
    expect(await splitOfFew(train, holdout)).toEqual([])
  })

  it('fails when rows are in both', async () => {
    expect(await splitOfFew(train, holdout.replace('4,', '3,'))).toEqual([
      ['holdout', 'leakage', 'fail', '1 of 2 ids are in the training data too.'],
    ])
  })

  it('warns when the hold-out is not later', async () => {
    expect(await splitOfFew(train, holdout.replace('2001-01-04', '2001-01-03'))).toEqual([
      ['holdout', 'time order', 'warn', '1 of 2 rows are not later than the last row of the training data.'],
    ])
  })

  it.each([
    ['1 class.', holdout.replace('2,1', '2,0'), 'binary-classification'],
    ['3 classes.', `${holdout}6,2001-01-06,3,2\n`, 'binary-classification'],
    ['1 of 2 rows have no label.', holdout.replace('2,1', '2,'), 'binary-classification'],
    ['All have the same label.', holdout.replace('2,1', '2,0'), 'regression'],
  ] as const)('fails for labels that nothing can be judged on: %s', async (found, text, task) => {
    expect(await splitOfFew(train, text, task)).toContainEqual(['holdout', 'label', 'fail', found])
  })

  it('wants relevances of a ranking, of which some are more than 0', async () => {
    expect(await splitOfFew(train, holdout, 'ranking')).toEqual([])
    for (const [to, found] of [
      ['2,0', '0 of 2 rows have more than 0, 0 no number from 0.'],
      ['2,-1', '0 of 2 rows have more than 0, 1 no number from 0.'],
      ['2,', '0 of 2 rows have more than 0, 1 no number from 0.'],
      ['2,much', '0 of 2 rows have more than 0, 1 no number from 0.'],
      ['2,nan', '0 of 2 rows have more than 0, 1 no number from 0.'],
    ]) {
      const checks = await splitOfFew(train, holdout.replace('2,1', to!), 'ranking')
      expect(checks).toContainEqual(['holdout', 'label', 'fail', found])
    }
  })

  it('wants both 0 and 1 of each label of a multilabel task, and nothing else', async () => {
    expect(await splitOfFew(train, holdout, 'multilabel-classification')).toEqual([])
    for (const [to, found] of [
      ['2,0', '0 of 2 rows have 1, 0 neither 0 nor 1.'],
      ['2,2', '0 of 2 rows have 1, 1 neither 0 nor 1.'],
      ['2,', '0 of 2 rows have 1, 1 neither 0 nor 1.'],
    ]) {
      const checks = await splitOfFew(train, holdout.replace('2,1', to!), 'multilabel-classification')
      expect(checks).toContainEqual(['holdout', 'label', 'fail', found])
    }
  })

  it('fails for classes that were never learned', async () => {
    expect(await splitOfFew(train, holdout.replace('2,1', '2,7'))).toEqual([
      ['holdout', 'classes', 'fail', '1 of 2 classes is not in the training data, with 1 row: 7.'],
    ])
  })

  it('names no class where there are so many that they may be data', async () => {
    const rows = Array.from({ length: 101 }, (_, row) => `${row + 10},2001-01-05,1,who${row}@acme.example`)
    const failed = await splitOfFew(train, `${header}${rows.join('\n')}\n`, 'multiclass-classification')
    const [[, , , found] = []] = failed.filter(([, rule]) => rule === 'classes')
    expect(found).toBe('101 of 101 classes are not in the training data, with 101 rows.')
  })

  it('fails for columns that differ, and for those that are named and not there', async () => {
    const other = `id,when,y,late\n4,2001-01-04,a,0\n5,2001-01-05,b,1\n`
    expect((await splitOfFew(train, other)).map(([, rule, verdict]) => [rule, verdict])).toEqual([
      ['same columns', 'fail'],
      ['same columns', 'fail'],
    ])
    const unlabelled = `id,when,x\n4,2001-01-04,1\n`
    expect(await splitOfFew(train, unlabelled)).toContainEqual(['holdout', 'schema', 'fail', 'There is none.'])
  })

  it('fails for ids that are no ids', async () => {
    expect(await splitOfFew(train, `${holdout}4,2001-01-07,1,1\n`)).toEqual([
      ['holdout', 'id', 'fail', '1 of 3 rows have none, or that of an earlier row.'],
    ])
  })
})
