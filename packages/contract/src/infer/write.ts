import { Document, isScalar, type YAMLMap } from 'yaml'
import { number } from '../checks/plan.ts'
import type { LogicalType, Property } from '../document/document.ts'
import type { Claim } from './claims.ts'
import type { Tried } from './held-out.ts'

/** A column with what is asked of it, and what is not, since held-out rows broke it. */
export interface Described {
  name: string
  logicalType?: LogicalType
  isId: boolean
  isPersonal: boolean
  claims: Array<Claim & { tried: Tried | undefined }>
  left: Array<Claim & { tried: Tried }>
}

const LINE = 120

/** A contract as YAML, with a comment at every rule. `head` are the lines above it. */
export function writeContract(name: string, columns: readonly Described[], head: readonly string[]): string {
  const document = new Document({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: name,
    name,
    version: '1.0.0',
    status: 'draft',
    schema: [{ name, logicalType: 'object', properties: columns.map(propertyOf) }],
  })
  for (const [index, column] of columns.entries()) {
    comment(document.getIn(['schema', 0, 'properties', index]) as YAMLMap, column)
  }
  return `${head.map((line) => `# ${oneLine(line)}\n`).join('')}${document.toString({ lineWidth: LINE })}`
}

function propertyOf({ name, logicalType, isId, isPersonal, claims }: Described): Property {
  const options = Object.fromEntries(
    claims.flatMap(({ rule, says }) => ('option' in says ? [[rule, says.option]] : [])),
  )
  const quality = claims.flatMap(({ says }) => ('quality' in says ? [says.quality] : []))
  return {
    name,
    ...(logicalType && { logicalType }),
    ...(isPersonal && { classification: 'personal' }),
    ...(claims.some(({ says }) => 'required' in says) && { required: true }),
    ...(isId && { unique: true, primaryKey: true, primaryKeyPosition: 1 }),
    ...(Object.keys(options).length > 0 && { logicalTypeOptions: options }),
    ...(quality.length > 0 && { quality }),
  }
}

/** Behind a value where there is one, above a quality rule; above the column what is left out. */
function comment(map: YAMLMap, { isPersonal, claims, left }: Described): void {
  if (isPersonal) behind(map, ['classification'], 'by its name; take this out where it is not')
  const quality = claims.filter(({ says }) => 'quality' in says)
  for (const claim of claims) {
    const why = `${claim.why}${claim.tried?.outcome === 'wider' ? `; ${outside(claim.tried)}, so there is more slack` : ''}`
    if ('required' in claim.says) behind(map, ['required'], why)
    else if ('option' in claim.says) behind(map, ['logicalTypeOptions', claim.rule], why)
    else (map.getIn(['quality', quality.indexOf(claim)]) as YAMLMap).commentBefore = ` ${oneLine(why)}`
  }
  if (left.length > 0) {
    map.commentBefore = left
      .map(
        (claim) =>
          ` Left out: ${claim.rule}; ${outside(claim.tried)} ${claim.rule === 'usual_middle' ? 'are so' : 'break it'}.`,
      )
      .join('\n')
  }
}

function outside({ share }: Tried): string {
  return `${number(share * 100)} % of the held-out rows`
}

function behind(map: YAMLMap, path: string[], text: string): void {
  const node = map.getIn(path, true)
  if (isScalar(node)) node.comment = ` ${oneLine(text)}`
}

/** What comes of the data may hold what would end a comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '?')
}
