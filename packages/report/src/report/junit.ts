import { gravest, lets } from '@modelyard/spec'
import XMLBuilder from 'fast-xml-builder'
import { manyLines } from '../document/escape.ts'
import { type Finding, findingsOf } from '../gate/findings.ts'
import type { ModelRecords, RenderedReport } from './report.ts'

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  // Else a name that is "true" becomes an attribute without a value, which is no XML.
  suppressBooleanAttributes: false,
})

/**
 * The report as JUnit XML, for whatever shows test results: a suite for each of data, gates, slices and behaviour,
 * and one with the verdict itself, which is never better than the report. What there is not enough evidence for has
 * failed, with the type `inconclusive`; a warning passes, and says why in `system-out`. What a fork claims is named so.
 */
export function renderJUnit(
  records: ModelRecords,
  { title, verdict, claims }: Pick<RenderedReport, 'title' | 'verdict' | 'claims'>,
): string {
  const name = claims ? `A fork's claim: ${records.model}` : records.model
  const judged = gravest([verdict])
  const suites = Object.entries(Object.groupBy(findingsOf(records), ({ group }) => group)).map(([group, findings]) =>
    suite(name, group, findings),
  )
  const all = [suite(name, 'verdict', [{ name: 'verdict', verdict: judged, reason: title }]), ...suites]
  const total = (key: '@tests' | '@failures') => all.reduce((sum, each) => sum + each[key], 0)
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': text(name),
      '@tests': total('@tests'),
      '@failures': total('@failures'),
      ...(claims ? { properties: { property: { '@name': 'claims', '@value': 'true' } } } : {}),
      testsuite: all,
    },
  }
  return builder.build(document)
}

type Case = Omit<Finding, 'group'>

function suite(model: string, group: string, findings: readonly Case[]) {
  return {
    '@name': text(`${model} ${group}`),
    '@tests': findings.length,
    '@failures': findings.filter(({ verdict }) => !lets(verdict)).length,
    testcase: findings.map(({ name, verdict, reason, line }) => ({
      '@classname': text(`${model}.${group}`),
      '@name': text(name),
      ...(line === undefined ? {} : { '@line': line }),
      ...(lets(verdict) ? {} : { failure: { '@type': verdict, '@message': text(reason) } }),
      ...(verdict === 'warn' ? { 'system-out': text(reason) } : {}),
    })),
  }
}

/** Text from data as XML 1.0 may hold it: the library escapes marks, and these two code points have no escape. */
function text(data: string): string {
  return manyLines(data, 2000).replace(/[\ufffe\uffff]/g, '')
}
