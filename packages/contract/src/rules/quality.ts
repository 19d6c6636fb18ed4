import { type Column, quoteIdentifier } from '@modelyard/data'
import type { Verdict } from '@modelyard/spec'
import { type Asked, type Finding, notExecuted, number, type Planned, sumOf } from '../checks/plan.ts'
import { repeatsIn } from '../checks/repeats.ts'
import { countWhere, sql } from '../conditions.ts'
import type { Path, QualityRule } from '../document/document.ts'
import { filtered, filterOf, isIn, rowsOf } from './filter.ts'
import { measureOf, type Subject } from './metrics.ts'
import { operatorOf } from './operators.ts'
import { isOwn } from './own/implementation.ts'
import { askDataset, notAsked } from './own-query.ts'

/** Quality rules of a column, or, without one, of the table. */
export function planQuality(
  rules: readonly QualityRule[],
  subject: Subject,
  line: (path: Path) => { line?: number },
): Planned[] {
  return rules.flatMap((rule, index) => (isOwn(rule) ? [] : planRule(rule, subject, line([index]))))
}

function planRule(rule: QualityRule, subject: Subject, line: { line?: number }): Planned {
  const { column } = subject
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
  const failed = failureOf(rule)
  const filter = filterOf(rule)
  if (filter === '') return notExecuted(described, 'The filter of this rule is no condition of SQL.')
  const other = notAsked(type === 'sql' ? (rule.query ?? '') : (filter ?? ''))
  if (other) return notExecuted(described, other)
  if (type === 'sql') {
    if (filter !== undefined) return notExecuted(described, 'A query has no filter; write it into its WHERE.')
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
      find: (dataset, asked = query) => askDataset(asked, dataset, judge),
    }
  }

  const measure = measureOf(metric, rule.arguments ?? {}, subject)
  if (typeof measure === 'string') return notExecuted(described, measure)
  const unit = rule.unit?.trim().toLowerCase() ?? 'rows'
  const percent = percents.has(unit)
  const of = filter === undefined ? '' : ` where ${filter}`
  const expectation = asked(
    `${measure.words} ${operator.words}${percent ? ' percent' : ''}${of}.${measure.valid ? ` ${measure.valid}` : ''}`,
  )
  const judge = (count: number | null, rows: number): Finding => {
    // None of no rows breaks a rule, which may be so of a honest hold-out; what share of them does, nobody knows.
    if (rows === 0 && metric !== 'rowCount' && (percent || operator.holds(0)))
      return { verdict: percent ? 'inconclusive' : 'warn', found: 'The filter leaves no row: is it right?', failing: 0 }
    const value = percent ? ((count ?? Number.NaN) * 100) / rows : count
    const holds = operator.holds(value)
    const share = metric === 'rowCount' ? '' : ` of ${number(rows)}`
    return {
      verdict: holds ? 'pass' : failed,
      found: `${number(count ?? 0)}${share} rows${percent ? `, ${number(value ?? 0)} percent` : ''}.`,
      failing: holds || metric === 'rowCount' ? 0 : (count ?? rows),
    }
  }
  if ('repeats' in measure) {
    const { repeats } = measure
    return {
      ...expectation,
      kind: 'whole',
      ...(filter === undefined && { repeats }),
      find: async (dataset) => {
        const rows = await rowsOf(dataset, filter)
        if (typeof rows === 'string') return { verdict: 'inconclusive', found: rows, failing: 0 }
        return judge(await repeatsIn(dataset, repeats, filter), rows)
      },
    }
  }
  const { breaking, probes } = filtered(measure, filter)
  const aggregates = [breaking ? { text: countWhere(breaking.text), values: breaking.values } : sql('count(*)')]
  if (filter !== undefined) aggregates.push(sql(countWhere(isIn(filter))))
  return {
    ...expectation,
    kind: 'measured',
    aggregates: aggregates.map(sumOf),
    ...(breaking && metric !== 'rowCount' && { breaking }),
    ...(probes && { probes }),
    judge: ([count, rows], all) => judge(count ?? null, filter === undefined ? all : (rows ?? 0)),
  }
}

/** What a broken rule comes to, by its severity. */
export function failureOf({ severity }: QualityRule): Verdict {
  return severities[severity?.trim().toLowerCase() ?? ''] ?? 'fail'
}

/** What a broken rule means, in the words that other tools know, too; what has no severity is an error. */
export const severities: Readonly<Record<string, Verdict>> = Object.fromEntries([
  ...['error', 'critical', 'blocker', 'fatal', 'severe', 'major', 'high', 'medium'].map((word) => [word, 'fail']),
  ...['warning', 'warn', 'info', 'low', 'minor', 'trivial'].map((word) => [word, 'warn']),
])

export const percents: ReadonlySet<string> = new Set(['percent', 'percentage', '%'])

/** `{object}` and `{property}`, or `${table}` and `${column}`, stand for our table and the column. */
function withNames(query: string, column: Column | undefined): string {
  const named = query.replaceAll(/\$?\{(?:object|table|model)\}/g, 'data')
  return column ? named.replaceAll(/\$?\{(?:property|column|field)\}/g, quoteIdentifier(column.name)) : named
}

function answer(value: unknown): string {
  return typeof value === 'number' ? number(value) : value === null || value === undefined ? 'nothing' : String(value)
}
