import { quoteLiteral } from '@modelyard/data'
import { type Ask, columnOf, libraryRule, listed, numberRule, repeatsRule, rowsRule, type Said } from './ask.ts'
import { operatorsOf } from './limits.ts'
import { literal, NotSayable } from './row-condition.ts'
import { logicalTypeOf } from './type-names.ts'

export type Translate = (ask: Ask) => Said

/** What is asked of one column, by the names of Great Expectations without `expect_column_`. */
export const columnExpectations: Record<string, Translate> = {
  to_exist: (ask) => {
    if (ask.kwargs.column_index !== undefined && ask.kwargs.column_index !== null)
      throw new NotSayable('a contract does not ask for the order of columns; take column_index out')
    return { column: columnOf(ask).name }
  },
  values_to_not_be_null: (ask) => {
    const { name } = columnOf(ask)
    if (ask.isPlain) return { column: name, property: { required: true } }
    return { column: name, rules: [libraryRule(ask, { metric: 'nullValues' })] }
  },
  values_to_be_null: (ask) => {
    const { name, sql } = columnOf(ask)
    return { column: name, rules: [rowsRule(ask, `${sql} IS NULL`, [])] }
  },
  values_to_be_unique: (ask) => {
    const { name, sql } = columnOf(ask)
    if (ask.isPlain) return { column: name, property: { unique: true } }
    return { column: name, rules: [repeatsRule(ask, [sql], `${sql} IS NOT NULL`)] }
  },
  values_to_be_in_set: inSet,
  distinct_values_to_be_in_set: (ask) => inSet({ ...ask, mostly: 1 }),
  distinct_values_to_contain_set: containSet,
  distinct_values_to_equal_set: (ask) => {
    const [inside, all] = [inSet({ ...ask, mostly: 1 }), containSet(ask)]
    return { column: inside.column, rules: [...inside.rules!, ...all.rules!] }
  },
  values_to_not_be_in_set: (ask) => rows(ask, (sql) => `${sql} NOT IN ${listed(ask.values('value_set'))}`),
  values_to_be_between: between,
  value_lengths_to_be_between: lengths,
  value_lengths_to_equal: (ask) =>
    lengths({ ...ask, kwargs: { ...ask.kwargs, min_value: ask.kwargs.value, max_value: ask.kwargs.value } }),
  values_to_match_regex: (ask) => matches(ask, expression(ask.text('regex'))),
  values_to_not_match_regex: (ask) => rows(ask, (sql) => `NOT ${match(sql, expression(ask.text('regex')))}`),
  values_to_match_regex_list: (ask) => {
    const list = ask.names('regex_list').map(expression)
    if (ask.kwargs.match_on !== 'all') return matches(ask, list.map((each) => `(?:${each})`).join('|'))
    return rows(ask, (sql) => list.map((each) => match(sql, each)).join(' AND '))
  },
  values_to_not_match_regex_list: (ask) =>
    rows(
      ask,
      (sql) =>
        `NOT (${ask
          .names('regex_list')
          .map((each) => match(sql, expression(each)))
          .join(' OR ')})`,
    ),
  values_to_match_like_pattern: (ask) => rows(ask, (sql) => `${sql} LIKE ${literal(ask.text('like_pattern'))}`),
  values_to_not_match_like_pattern: (ask) => rows(ask, (sql) => `${sql} NOT LIKE ${literal(ask.text('like_pattern'))}`),
  values_to_match_like_pattern_list: (ask) => {
    const joint = ask.kwargs.match_on === 'all' ? ' AND ' : ' OR '
    return rows(ask, (sql) => likes(ask, sql).join(joint))
  },
  values_to_not_match_like_pattern_list: (ask) => rows(ask, (sql) => `NOT (${likes(ask, sql).join(' OR ')})`),
  values_to_match_strftime_format: (ask) =>
    rows(ask, (sql) => `try_strptime(${sql}::VARCHAR, ${quoteLiteral(ask.text('strftime_format'))}) IS NOT NULL`),
  values_to_be_json_parseable: (ask) => rows(ask, (sql) => `json_valid(${sql}::VARCHAR)`),
  values_to_be_of_type: (ask) => typed(ask, [ask.text('type_')]),
  type_to_be: (ask) => typed(ask, [ask.text('type_')]),
  values_to_be_in_type_list: (ask) => typed(ask, ask.names('type_list')),
  max_to_be_between: (ask) => aggregate(ask, (sql) => `max(${sql})`),
  min_to_be_between: (ask) => aggregate(ask, (sql) => `min(${sql})`),
  mean_to_be_between: (ask) => aggregate(ask, (sql) => `avg(${sql})`),
  median_to_be_between: (ask) => aggregate(ask, (sql) => `median(${sql})`),
  stdev_to_be_between: (ask) => aggregate(ask, (sql) => `stddev_samp(${sql})`),
  sum_to_be_between: (ask) => aggregate(ask, (sql) => `sum(${sql})`),
  unique_value_count_to_be_between: (ask) => aggregate(ask, (sql) => `count(DISTINCT ${sql})`),
  proportion_of_unique_values_to_be_between: (ask) =>
    aggregate(ask, (sql) => `count(DISTINCT ${sql}) / nullif(count(${sql}), 0)`),
  proportion_of_non_null_values_to_be_between: (ask) => aggregate(ask, (sql) => `count(${sql}) / nullif(count(*), 0)`),
  quantile_values_to_be_between: quantiles,
}

function inSet(ask: Ask): Said {
  const { name, sql } = columnOf(ask)
  const rule = { metric: 'invalidValues', arguments: { validValues: ask.values('value_set') } }
  return { column: name, rules: [libraryRule(ask, rule, sql)] }
}

function containSet(ask: Ask): Said {
  const { name, sql } = columnOf(ask)
  const values = [...new Set(ask.values('value_set'))]
  const seen = `count(DISTINCT CASE WHEN ${sql} IN ${listed(values)} THEN ${sql} END)`
  return { column: name, rules: [numberRule(ask, seen, { mustBe: values.length })] }
}

/** A condition of SQL on each value. */
function rows(ask: Ask, satisfied: (sql: string) => string): Said {
  const { name, sql } = columnOf(ask)
  return { column: name, rules: [rowsRule(ask, satisfied(sql), [sql])] }
}

function aggregate(ask: Ask, of: (sql: string) => string): Said {
  const { name, sql } = columnOf(ask)
  return { column: name, rules: operatorsOf(ask.kwargs).map((operator) => numberRule(ask, of(sql), operator)) }
}

function between(ask: Ask): Said {
  const { name, sql } = columnOf(ask)
  const { min_value: low, max_value: high, strict_min, strict_max } = ask.kwargs
  const ends = [
    { limit: low, option: strict_min ? 'exclusiveMinimum' : 'minimum', sign: strict_min ? '>' : '>=' },
    { limit: high, option: strict_max ? 'exclusiveMaximum' : 'maximum', sign: strict_max ? '<' : '<=' },
  ].filter(({ limit }) => limit !== undefined && limit !== null)
  const limits = ends.map(({ limit }) => limit)
  const isNumber = limits.every((limit) => typeof limit === 'number')
  if (ends.length === 0) throw new NotSayable('it has no limits, so it asks for nothing')
  if (!isNumber && !limits.every((limit) => typeof limit === 'string'))
    throw new NotSayable('its limits are neither numbers nor texts')
  if (ask.isPlain && isNumber) {
    const options = Object.fromEntries(ends.map(({ option, limit }) => [option, limit]))
    return { column: name, property: { logicalType: 'number', logicalTypeOptions: options } }
  }
  const conditions = ends.map(({ sign, limit }) => `${sql} ${sign} ${literal(limit as string | number)}`)
  return { column: name, rules: [rowsRule(ask, conditions.join(' AND '), [sql])] }
}

function lengths(ask: Ask): Said {
  const { name, sql } = columnOf(ask)
  const { min_value: low, max_value: high, strict_min, strict_max } = ask.kwargs
  if (![low, high].every((limit) => limit === undefined || limit === null || Number.isInteger(limit)))
    throw new NotSayable('its limits are no whole numbers')
  const least = typeof low === 'number' ? low + (strict_min ? 1 : 0) : undefined
  const most = typeof high === 'number' ? high - (strict_max ? 1 : 0) : undefined
  if (least === undefined && most === undefined) throw new NotSayable('it has no limits, so it asks for nothing')
  if (ask.isPlain) {
    const options = { ...(least !== undefined && { minLength: least }), ...(most !== undefined && { maxLength: most }) }
    return { column: name, property: { logicalType: 'string', logicalTypeOptions: options } }
  }
  const conditions = [
    ...(least === undefined ? [] : [`length(${sql}) >= ${least}`]),
    ...(most === undefined ? [] : [`length(${sql}) <= ${most}`]),
  ]
  return { column: name, rules: [rowsRule(ask, conditions.join(' AND '), [sql])] }
}

function matches(ask: Ask, pattern: string): Said {
  const { name, sql } = columnOf(ask)
  if (ask.isPlain) return { column: name, property: { logicalType: 'string', logicalTypeOptions: { pattern } } }
  return { column: name, rules: [libraryRule(ask, { metric: 'invalidValues', arguments: { pattern } }, sql)] }
}

function match(sql: string, pattern: string): string {
  return `regexp_matches(${sql}::VARCHAR, ${quoteLiteral(pattern)})`
}

/** DuckDB matches by RE2, which knows no group that looks ahead or back, nor one that is met again. */
function expression(regex: string): string {
  if (/\(\?<?[=!]|\\[1-9]|\(\?P=/.test(regex))
    throw new NotSayable('its regex looks ahead or back, or at a group again, which patterns of a contract cannot')
  return regex
}

function likes(ask: Ask, sql: string): string[] {
  return ask.names('like_pattern_list').map((each) => `${sql} LIKE ${literal(each)}`)
}

function quantiles(ask: Ask): Said {
  const { name, sql } = columnOf(ask)
  const { quantiles: at, value_ranges: ranges } = (ask.kwargs.quantile_ranges ?? {}) as Record<string, unknown>
  if (!Array.isArray(at) || !Array.isArray(ranges) || at.length !== ranges.length || !at.every((q) => q >= 0 && q <= 1))
    throw new NotSayable('its quantile_ranges are not a quantile and a range each')
  const rules = at.flatMap((q: number, index) => {
    const [min_value, max_value] = Array.isArray(ranges[index]) ? ranges[index] : []
    const operators = operatorsOf({ min_value, max_value })
    return operators.map((operator) => numberRule(ask, `quantile_disc(${sql}, ${q})`, operator))
  })
  return { column: name, rules }
}

function typed(ask: Ask, names: readonly string[]): Said {
  const type = logicalTypeOf(names)
  if (type === undefined) {
    throw new NotSayable(`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} no one logicalType of a contract`)
  }
  if (!ask.isPlain) throw new NotSayable('the type of a column is that of all its rows, and failing it fails')
  return { column: columnOf(ask).name, property: { logicalType: type } }
}
