import type { Column } from '@modelyard/data'
import type { Check } from '../../checks/check.ts'
import { type Asked, notExecuted, type Planned } from '../../checks/plan.ts'
import { columnOf, type Path, type QualityRule } from '../../document/document.ts'
import type { Contract } from '../../document/read.ts'
import { failureOf } from '../quality.ts'
import { planDrift } from './drift.ts'
import { type Age, planFreshness } from './freshness.ts'
import { type Drift, type Freshness, implementationOf, isOwn, type Leakage } from './implementation.ts'
import { planLeakage } from './leakage.ts'
import { named } from './reference.ts'
import { ageOf, columnsOf, isAboutAge } from './service-levels.ts'

interface Subject {
  contract: Contract
  columns: readonly Column[]
  role: Check['dataset']
  personal: ReadonlySet<string>
}

/** What a contract asks of a dataset by rules of Modelyard's own, and by service levels about the age of data. */
export function planOwn(subject: Subject): Planned[] {
  const { object, line } = subject.contract
  const { properties = [], quality = [] } = object
  const at = (path: Path) => lineOf(line(path))
  return [
    ...properties.flatMap((property, index) =>
      (property.quality ?? []).flatMap((rule, place) =>
        planRule(rule, columnOf(property), at(['properties', index, 'quality', place]), subject),
      ),
    ),
    ...quality.flatMap((rule, index) => planRule(rule, null, at(['quality', index]), subject)),
    ...planServiceLevels(subject),
  ]
}

function lineOf(number: number | undefined): { line?: number } {
  return number === undefined ? {} : { line: number }
}

function planRule(rule: QualityRule, column: string | null, line: { line?: number }, subject: Subject): Planned[] {
  if (!isOwn(rule)) return []
  const asks = implementationOf(rule)
  if (asks.data !== undefined && asks.data !== subject.role) return []
  // That the column of the rule is not there is said of the column.
  if (column !== null && !subject.columns.some(({ name }) => name === column)) return []
  const asked = (expected: string): Asked => ({
    column,
    rule: rule.name ?? rule.id ?? asks.check,
    expected: rule.description ?? expected,
    ...line,
  })
  const names = 'columns' in asks && asks.columns ? asks.columns : column === null ? [] : [column]
  const columns = names.map((name) => subject.columns.find((each) => each.name === name))
  const expected = asked(expectationOf(asks, names))
  const missing = names.filter((_, index) => columns[index] === undefined)
  if (missing.length > 0) return [notExecuted(expected, `There is no column ${missing.join(', ')}.`)]
  const [first] = columns as Column[]
  if (!first) return [notExecuted(expected, 'The rule stands at no column, and names none in implementation.columns.')]

  const failed = failureOf(rule)
  const { setting } = subject.contract
  if (asks.check === 'freshness') return [planAge(expected, first, ageIn(asks), subject, failed)]
  const reference = { files: asks.check === 'drift' ? asks.reference : asks.files, setting }
  return asks.check === 'drift'
    ? [planDrift(expected, first, asks, reference, failed)]
    : [planLeakage(expected, columns as Column[], asks, reference, failed)]
}

function expectationOf(asks: Drift | Freshness | Leakage, names: readonly string[]): string {
  switch (asks.check) {
    case 'freshness':
      return newest(names[0] ?? 'row', asks.max_age)
    case 'drift':
      return `The values are not farther than ${asks.max} from those of ${named(asks.reference)}.`
    case 'leakage': {
      const most = asks.max_overlap === 0 ? 'No row has' : `At most ${asks.max_overlap * 100} percent of the rows have`
      return `${most} the ${names.join(', ')} of a row of ${named(asks.files)}.`
    }
  }
}

function newest(name: string, age: string): string {
  return `The newest ${name} was at most ${age} old when the run began.`
}

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const

function ageIn({ max_age }: Freshness): Age {
  const unit = max_age.at(-1) as keyof typeof UNITS
  return { written: max_age, milliseconds: Number(max_age.slice(0, -1)) * UNITS[unit] }
}

function planAge(
  asked: Asked,
  column: Column,
  age: Age,
  { contract, personal }: Subject,
  failed: ReturnType<typeof failureOf>,
): Planned {
  if (personal.has(column.name)) {
    return notExecuted(
      asked,
      `${column.name} is personal, and its newest value is written nowhere. Ask it of another column.`,
    )
  }
  return planFreshness(asked, column, age, { now: contract.setting.now, failed })
}

/** Service levels are asked of the hold-out, which has the newest rows. */
function planServiceLevels(subject: Subject): Planned[] {
  const { contract, role } = subject
  if (role !== 'holdout') return []
  return contract.serviceLevels.filter(isAboutAge).flatMap((level) =>
    columnsOf(level, contract.object).map((name) => {
      const age = ageOf(level)
      const asked: Asked = {
        column: name,
        rule: level.property,
        expected:
          level.description ??
          newest(name, typeof age === 'string' ? `${level.value} ${level.unit ?? ''}` : age.written),
        ...lineOf(level.line),
      }
      if (typeof age === 'string') return notExecuted(asked, age)
      const property = contract.object.properties?.find((each) => each.name === name)
      const column = subject.columns.find((each) => each.name === (property ? columnOf(property) : name))
      if (!column) return notExecuted(asked, `There is no column ${name}.`)
      return planAge({ ...asked, column: column.name }, column, age, subject, 'fail')
    }),
  )
}
