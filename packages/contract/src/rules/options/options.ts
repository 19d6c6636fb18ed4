import { type Asked, decided, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, type Values } from '../../conditions.ts'
import type { Path, Property } from '../../document/document.ts'
import { kindOf } from '../../kinds.ts'
import { bounds, planBound } from './bounds.ts'
import { countWords, planItems, planProperties, planRequiredFields, planUniqueItems } from './collections.ts'
import { planMultiple, planNumberFormat } from './numbers.ts'
import { lengthWords, planLength, planPattern, planTextFormat } from './texts.ts'
import { planTimeFormat, planTimezone } from './times.ts'

export type Ask = (rule: string, expected: string, ...path: Path) => Asked

/** What `logicalTypeOptions` ask of values. */
export function planOptions({ logicalType, logicalTypeOptions = {} }: Property, values: Values, ask: Ask): Planned[] {
  const isTime = ['date', 'timestamp', 'time'].includes(logicalType ?? familyOf(values.type) ?? '')
  return Object.entries(logicalTypeOptions).map(([key, value]) => {
    const asked = (expected: string) => ask(key, expected, 'logicalTypeOptions', key)
    if (bounds[key]) return planBound(bounds[key], value, values, logicalTypeOptions.format, asked)
    switch (key) {
      case 'pattern':
        return planPattern(String(value), values, asked(`The values match ${value}.`))
      case 'minLength':
      case 'maxLength':
        return planLength(key, Number(value), values, asked(`The values have ${lengthWords(key, Number(value))}.`))
      case 'multipleOf':
        return planMultiple(Number(value), values, asked(`The values are multiples of ${value}.`))
      case 'format':
        return isTime
          ? planTimeFormat(String(value), values, asked(`The values are written as ${value}.`))
          : planFormat(String(value), values, asked)
      case 'timezone':
        return planTimezone(
          value === true,
          values,
          logicalTypeOptions.format,
          asked(`The values have ${value ? 'a' : 'no'} time zone.`),
        )
      case 'defaultTimezone':
        return decided(asked(`Times without a zone are those of ${value}.`), 'pass', 'Nothing is asked of the values.')
      case 'minItems':
      case 'maxItems':
        return ofLists(values, asked(`The lists have ${countWords(key, Number(value))}.`), (expectation) =>
          planItems(key, Number(value), values, expectation),
        )
      case 'uniqueItems':
        if (value !== true)
          return decided(asked('Items may be there twice.'), 'pass', 'Nothing is asked of the values.')
        return ofLists(values, asked('No item of a list is there twice.'), (expectation) =>
          planUniqueItems(values, expectation),
        )
      case 'minProperties':
      case 'maxProperties':
        return planProperties(key, Number(value), values, asked(`The objects have ${countWords(key, Number(value))}.`))
      case 'required':
        return planRequiredFields(
          (value as unknown[]).map(String),
          values,
          asked(`The objects have ${(value as unknown[]).join(', ')}.`),
        )
      default:
        return notExecuted(
          asked(`The values satisfy ${key} ${JSON.stringify(value)}.`),
          `Modelyard does not know the option ${key}.`,
        )
    }
  })
}

function planFormat(format: string, values: Values, asked: (expected: string) => Asked): Planned {
  return familyOf(values.type) === 'text'
    ? planTextFormat(format, values, asked(`The values are of the form ${format}.`))
    : planNumberFormat(format, values, asked(`The values fit into ${format}.`))
}

function ofLists(values: Values, asked: Asked, plan: (asked: Asked) => Planned): Planned {
  return familyOf(values.type) === 'array'
    ? plan(asked)
    : notExecuted(asked, `They are ${kindOf(values.type)}, and no list.`)
}
