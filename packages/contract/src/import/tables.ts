import { quoteIdentifier } from '@modelyard/data'
import type { QualityRule } from '../document/document.ts'
import { type Ask, repeatsRule, rowsRule, type Said } from './ask.ts'
import type { Translate } from './columns.ts'
import { operatorsOf } from './limits.ts'
import { literal, NotSayable } from './row-condition.ts'

/** What is asked of several columns or of the table, by the names of Great Expectations without `expect_`. */
export const tableExpectations: Record<string, Translate> = {
  table_row_count_to_be_between: (ask) => rowCount(ask, operatorsOf(ask.kwargs)),
  table_row_count_to_equal: (ask) => {
    if (!Number.isInteger(ask.kwargs.value)) throw new NotSayable('its value is no whole number')
    return rowCount(ask, [{ mustBe: ask.kwargs.value }])
  },
  table_columns_to_match_ordered_list: (ask) => ({
    columns: ask.names('column_list'),
    lost: 'a contract does not ask for the order of columns, and one that it does not describe is a warning',
  }),
  table_columns_to_match_set: (ask) => ({
    columns: ask.names('column_set'),
    ...(ask.kwargs.exact_match !== false && { lost: 'a column that a contract does not describe is a warning' }),
  }),
  unexpected_rows_expectation: (ask) => {
    const query = ask.text('unexpected_rows_query').trim().replace(/;$/, '').replaceAll('{batch}', '{object}')
    return { rules: [{ type: 'sql', query: `SELECT count(*) FROM (${query})`, mustBe: 0 }] }
  },
  compound_columns_to_be_unique: (ask) => {
    const columns = ask.names('column_list').map(quoteIdentifier)
    const joint = ignored(ask, 'all_values_are_missing') === 'any_value_is_missing' ? ' AND ' : ' OR '
    return { rules: [repeatsRule(ask, columns, `(${columns.map((each) => `${each} IS NOT NULL`).join(joint)})`)] }
  },
  multicolumn_sum_to_equal: (ask) => {
    if (typeof ask.kwargs.sum_total !== 'number') throw new NotSayable('its sum_total is no number')
    return together(ask, (columns) => `${columns.join(' + ')} = ${ask.kwargs.sum_total}`)
  },
  multicolumn_values_to_be_equal: (ask) =>
    together(ask, ([first, ...others]) => others.map((each) => `${first} = ${each}`).join(' AND ')),
  select_column_values_to_be_unique_within_record: (ask) => together(ask, allDiffer),
  multicolumn_values_to_be_unique: (ask) => together(ask, allDiffer),
  column_pair_values_to_be_equal: (ask) => pair(ask, (a, b) => `${a} = ${b}`),
  column_pair_values_a_to_be_greater_than_b: (ask) =>
    pair(ask, (a, b) => `${a} ${ask.kwargs.or_equal ? '>=' : '>'} ${b}`),
  column_pair_values_to_be_in_set: (ask) => {
    const pairs = ask.kwargs.value_pairs_set
    const isValue = (value: unknown) => typeof value === 'string' || typeof value === 'number'
    if (
      !Array.isArray(pairs) ||
      pairs.length === 0 ||
      !pairs.every((each) => Array.isArray(each) && each.length === 2 && each.every(isValue))
    )
      throw new NotSayable('its value_pairs_set is no list of pairs')
    return pair(ask, (a, b) => pairs.map(([x, y]) => `(${a} = ${literal(x)} AND ${b} = ${literal(y)})`).join(' OR '))
  },
}

/** Why the others are no part of a contract; each by its name, for their reasons differ. */
export const notSayable: Record<string, string> = {
  expect_column_kl_divergence_to_be_less_than:
    'it compares with a distribution; write a rule of the type custom, engine modelyard, check: drift',
  expect_column_most_common_value_to_be_in_set: 'of values that are equally common no one is the most common',
  expect_column_value_z_scores_to_be_less_than:
    'it measures rows by their own mean, so one more outlier moves the limit',
  expect_column_values_to_not_be_outliers:
    'it measures rows by their own quartiles, so one more outlier moves the limit',
  expect_column_values_to_be_increasing: 'the rows of a contract have no order',
  expect_column_values_to_be_decreasing: 'the rows of a contract have no order',
  expect_column_values_to_be_dateutil_parseable: 'dateutil takes nearly everything for a date; write a format',
  expect_column_values_to_match_json_schema: 'a contract knows no JSON Schema; describe the column as an object',
  expect_query_results_to_match_comparison: 'it asks another data source',
  expect_table_row_count_to_equal_other_table: 'it asks another data source',
  expect_table_column_count_to_be_between:
    'a contract describes each column, and one that it does not describe is a warning',
  expect_table_column_count_to_equal:
    'a contract describes each column, and one that it does not describe is a warning',
}

function rowCount({ condition }: Ask, operators: QualityRule[]): Said {
  const filter = condition ? { customProperties: [{ property: 'filter', value: condition }] } : {}
  return { rules: operators.map((operator) => ({ metric: 'rowCount', ...operator, ...filter })) }
}

/** Columns of one row with each other. A row is left out where all of them lack a value, unless it says otherwise. */
function together(ask: Ask, satisfied: (columns: string[]) => string): Said {
  const columns = ask.names('column_list').map(quoteIdentifier)
  if (columns.length < 2) throw new NotSayable('its column_list has one column only')
  return among(ask, columns, satisfied(columns), ignored(ask, 'all_values_are_missing'))
}

function pair(ask: Ask, satisfied: (a: string, b: string) => string): Said {
  const [a, b] = [quoteIdentifier(ask.text('column_A')), quoteIdentifier(ask.text('column_B'))]
  return among(ask, [a, b], satisfied(a, b), ignored(ask, 'both_values_are_missing'))
}

function among(ask: Ask, columns: string[], satisfied: string, ignore: string): Said {
  if (ignore === 'any_value_is_missing' || ignore === 'either_value_is_missing') {
    return { rules: [rowsRule(ask, satisfied, columns)] }
  }
  if (ignore === 'never' || ignore === 'neither') return { rules: [rowsRule(ask, satisfied, [])] }
  const some = `coalesce(${columns.map((each) => `${each}::VARCHAR`).join(', ')})`
  return { rules: [rowsRule(ask, satisfied, [some])] }
}

function ignored({ kwargs }: Ask, fallback: string): string {
  return typeof kwargs.ignore_row_if === 'string' ? kwargs.ignore_row_if : fallback
}

function allDiffer(columns: string[]): string {
  return columns.flatMap((a, index) => columns.slice(index + 1).map((b) => `${a} <> ${b}`)).join(' AND ')
}
