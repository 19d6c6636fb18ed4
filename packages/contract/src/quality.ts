import { type Column, quoteIdentifier, type Value } from '@modelyard/data'
import type { Verdict } from '@modelyard/spec'
import { countWhere, isNull, ofValues, type Sql, sql } from './conditions.ts'
import type { Path, QualityRule } from './document.ts'
import { operatorOf } from './operators.ts'
import { askDataset } from './own-query.ts'
import { type Asked, type Finding, type Measured, notExecuted, number, type Planned, sumOf } from './plan.ts'
import { repeatsIn } from './repeats.ts'

/** Quality rules of a column, or, without one, of the table. */
export function planQuality(
  rules: readonly QualityRule[],
  column: Column | undefined,
  columns: readonly Column[],
  line: (path: Path) => { line?: number },
): Planned[] {
  return rules.map((rule, index) => planRule(rule, column, columns, line([index])))
}

function planRule(
  rule: QualityRule,
  column: Column | undefined,
  columns: readonly Column[],
  line: { line?: number },
): Planned {
  const metric = rule.metric ?? rule.rule
  const type = rule.type ?? 'library'
  const asked = (expected: string): Asked => ({
    column: column?.name ?? null,
    rule: rule.name ?? rule.id ?? metric ?? type,
    expected,
    ...line,
  })
  const described = asked(rule.description ?? `The rule of the type ${type} holds.`)
  if (type === 'text') return notExecuted(described, 'This rule is prose; nothing can check it but a person.')
  if (type === 'custom') return notExecuted(described, `This rule is for ${rule.engine ?? 'another engine'}.`)

  const operator = operatorOf(rule)
  if (!operator) return notExecuted(described, 'This rule has no operator, such as mustBe, that Modelyard knows.')
  const unit = rule.unit ?? 'rows'
  const failed = severities[rule.severity?.toLowerCase() ?? 'error'] ?? 'fail'
  if (type === 'sql') {
    const judge = (value: unknown): Finding => {
      const holds = operator.holds(value)
      const verdict = holds ? 'pass' : failed
      if (typeof value === 'string') return { verdict, found: 'The query answers text.', failing: 0 }
      const found = `The answer of the query ${holds ? 'is' : 'is not'} ${operator.words}.`
      return { verdict, found, told: `It is ${answer(value)}.`, failing: 0 }
    }
    const query = withNames(rule.query ?? '', column)
    return {
      ...asked(rule.description ?? `The answer of the query is ${operator.words}.`),
      kind: 'whole',
      query,
      find: (dataset) => askDataset(query, dataset, judge),
    }
  }

  const measure = measureOf(metric, rule.arguments ?? {}, column, columns)
  if (typeof measure === 'string') return notExecuted(described, measure)
  if (unit !== 'rows' && (unit !== 'percent' || metric === 'rowCount')) {
    return notExecuted(described, `Modelyard does not know the unit ${unit} of ${metric}.`)
  }
  const expectation = asked(`${measure.words} ${operator.words}${unit === 'percent' ? ' percent' : ''}.`)
  const judge = (count: number | null, rows: number): Finding => {
    const value = unit === 'percent' ? ((count ?? Number.NaN) / rows) * 100 : count
    const holds = operator.holds(value)
    const share = metric === 'rowCount' ? '' : ` of ${number(rows)}`
    return {
      verdict: holds ? 'pass' : failed,
      found: `${number(count ?? 0)}${share} rows${unit === 'percent' ? `, ${number(value ?? 0)} percent` : ''}.`,
      failing: holds || metric === 'rowCount' ? 0 : (count ?? rows),
    }
  }
  if ('repeats' in measure) {
    const { repeats } = measure
    return {
      ...expectation,
      kind: 'whole',
      repeats,
      find: async (dataset) => judge(await repeatsIn(dataset, repeats), dataset.rows),
    }
  }
  const { breaking, probe } = measure
  return {
    ...expectation,
    kind: 'measured',
    aggregates: [sumOf(breaking ? { text: countWhere(breaking.text), values: breaking.values } : sql('count(*)'))],
    ...(breaking && { breaking }),
    ...(probe && { probe }),
    judge: ([count], rows) => judge(count ?? null, rows),
  }
}

/** What a broken rule means; what has no known severity is an error. */
const severities: Record<string, Verdict> = { error: 'fail', warning: 'warn', info: 'warn' }

type Measure = { words: string } & (
  | {
      /** The rows that are counted; all of them without it. */
      breaking?: Sql
      probe?: Measured['probe']
    }
  | { repeats: readonly Column[] }
)

/** What a metric of the standard's library counts; a sentence where there is none. */
function measureOf(
  metric: string | undefined,
  parameters: Record<string, unknown>,
  column: Column | undefined,
  columns: readonly Column[],
): Measure | string {
  if (metric === 'rowCount') return { words: 'The number of rows is' }
  if (metric === 'duplicateValues') return duplicates(parameters.properties, column, columns)
  if (!column) return `${metric} is about a column and stands at none.`
  switch (metric) {
    case 'nullValues':
      return { breaking: sql(isNull(column)), words: 'The number of rows without a value is' }
    case 'missingValues':
      return missing(parameters.missingValues, column)
    case 'invalidValues':
      return invalid(parameters, column)
    default:
      return `Modelyard does not know the metric ${metric}.`
  }
}

/** Rows that repeat an earlier one: three equal rows are two duplicates. */
function duplicates(names: unknown, column: Column | undefined, columns: readonly Column[]): Measure | string {
  const wanted = column ? [column.name] : Array.isArray(names) ? names.map(String) : []
  if (wanted.length === 0) return 'duplicateValues of a table needs arguments.properties.'
  const found = wanted.map((name) => columns.find((each) => each.name === name))
  const unknown = wanted.filter((_, index) => !found[index])
  if (unknown.length > 0) return `There is no column ${unknown.join(', ')}.`
  return { repeats: found as Column[], words: 'The number of rows that repeat an earlier one is' }
}

/** Rows with one of the values that are listed; null counts where it is listed. */
function missing(values: unknown, column: Column): Measure | string {
  if (!Array.isArray(values) || values.length === 0) return 'missingValues needs arguments.missingValues.'
  const texts = values.filter((value) => value !== null).map(String)
  const conditions = texts.length > 0 ? [ofValues(column, isOneOf(column, texts))] : []
  if (values.includes(null)) conditions.push(isNull(column))
  const condition = conditions.map((each) => `(${each})`).join(' OR ')
  return { breaking: sql(condition, ...texts), words: 'The number of missing values is' }
}

/** Rows whose value is not listed or does not match; rows without a value are not invalid. */
function invalid({ validValues, pattern }: Record<string, unknown>, column: Column): Measure | string {
  const conditions: string[] = []
  const values: Value[] = []
  if (Array.isArray(validValues)) {
    const texts = validValues.map(String)
    conditions.push(texts.length > 0 ? `NOT (${isOneOf(column, texts)})` : 'true')
    values.push(...texts)
  }
  if (typeof pattern === 'string') {
    conditions.push(`NOT regexp_matches(${quoteIdentifier(column.name)}::VARCHAR, ?)`)
    values.push(pattern)
  }
  if (conditions.length === 0) return 'invalidValues needs arguments.validValues or arguments.pattern.'
  return {
    breaking: sql(ofValues(column, conditions.join(' OR ')), ...values),
    words: 'The number of invalid values is',
    ...(typeof pattern === 'string' && { probe: sql("regexp_matches('', ?)", pattern) }),
  }
}

/** Compared in the column's own type where the text is one of it, so that 1 and 1.0 are the same number. */
function isOneOf({ name, type }: Column, texts: readonly string[]): string {
  const list = texts.map(() => `TRY_CAST(? AS ${type})`).join(', ')
  return `coalesce(${quoteIdentifier(name)} IN (${list}), false)`
}

/** `{object}` and `{property}`, or `${table}` and `${column}`, stand for our table and the column. */
function withNames(query: string, column: Column | undefined): string {
  const named = query.replaceAll(/\$?\{(?:object|table|model)\}/g, 'data')
  return column ? named.replaceAll(/\$?\{(?:property|column|field)\}/g, quoteIdentifier(column.name)) : named
}

function answer(value: unknown): string {
  return typeof value === 'number' ? number(value) : value === null || value === undefined ? 'nothing' : String(value)
}
