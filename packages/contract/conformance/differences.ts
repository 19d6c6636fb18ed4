import type { Case } from './case.ts'
import type { Outcome } from './ours.ts'

/** A way in which the two tools read the standard differently. */
export interface Difference {
  title: string
  /** What each does, and the passage that decides: sentences. */
  theirs: string
  ours: string
  passage: string
  explains(asked: Case, outcomes: { ours: Outcome; theirs: Outcome }): boolean
}

export const differences: readonly Difference[] = [
  {
    title: 'Several rows of one value',
    theirs: 'datacontract-cli counts the values that occur more than once: five times the same is one.',
    ours: 'Modelyard counts the rows that repeat an earlier one: five times the same are four.',
    passage:
      'The standard counts `rows` unless a rule says otherwise («rows (default) or percent»), and calls the metric of a table one that «checks for duplicate rows».',
    explains: ({ name }) => name.startsWith('duplicateValues of carrier'),
  },
  {
    title: 'A share of duplicates',
    theirs: 'datacontract-cli knows no percent of duplicates, and compares the limit with their number.',
    ours: 'Modelyard compares it with their share of all rows.',
    passage:
      'An example of the standard asks for it: «Duplicates should be less than 1%», `metric: duplicateValues`, `mustBeLessThan: 1`, `unit: percent`.',
    explains: ({ name }) => name.startsWith('duplicateValues') && name.endsWith('percent'),
  },
  {
    title: 'Null where missing values are listed without it',
    theirs: 'datacontract-cli counts null as missing whatever is listed.',
    ours: 'Modelyard counts what is listed, and null alone where nothing is.',
    passage:
      "«In the argument `missingValues`, a list of values that are considered to be missing»; the standard’s own examples list null: `[null, '', 'N/A']`.",
    explains: ({ name }) => name.startsWith('missingValues {"missingValues":["'),
  },
  {
    title: 'NaN',
    theirs: 'To datacontract-cli NaN is a number, greater than any other.',
    ours: 'To Modelyard it is no value: it is what frameworks write for null, and it is neither within bounds nor beyond them.',
    passage: 'The standard speaks of null values and of numbers; NaN is «not a number» by its name (IEEE 754).',
    explains: ({ name }) => name.startsWith('nullValues of ratio') || name.startsWith('ratio of '),
  },
  {
    title: 'Null in a column that is unique',
    theirs: 'To datacontract-cli two rows without a value have the same one.',
    ours: 'Modelyard compares values; whether there must be one, `required` says, which a primary key implies.',
    passage: '`unique`: «Indicates if the element contains unique values». Null is none, as in SQL.',
    explains: ({ name }) => name.startsWith('gap of ') && name.includes('unique'),
  },
  {
    title: 'Options of logical types that are not looked at',
    theirs: 'datacontract-cli passes over `multipleOf` and `format`.',
    ours: 'Modelyard checks them.',
    passage:
      '«Values must be multiples of this number», and `format` «of the value in terms of how many bits of space it can use».',
    explains: ({ group }, { theirs }) => group === 'logicalTypeOptions' && theirs === 'none',
  },
  {
    title: 'A column that could be converted',
    theirs:
      'datacontract-cli first loads the file into a table of the types that the contract asks for; what can be converted is of the type.',
    ours: 'Modelyard asks what the file has: a model that is given text where it expects numbers fails.',
    passage: '`logicalType` is «the logical field datatype», not one that it can be turned into.',
    explains: ({ group, name }) => group === 'columns and their types' && name.includes(' is '),
  },
  {
    title: 'A query that cannot be run',
    theirs: 'To datacontract-cli it is a broken rule.',
    ours: 'To Modelyard it is inconclusive, which lets nothing through either: it says nothing of the data.',
    passage: 'The standard compares what «a single SQL query returns», and says nothing of one that returns nothing.',
    explains: ({ name }) => name.startsWith('SELEKT'),
  },
]

/** The reason for which a case is answered differently; undefined where there is none. */
export function differenceOf(asked: Case, outcomes: { ours: Outcome; theirs: Outcome }): Difference | undefined {
  return differences.find((difference) => difference.explains(asked, outcomes))
}
