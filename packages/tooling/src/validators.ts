import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import standalone from 'ajv/dist/standalone/index.js'
import formats from 'ajv-formats'
import { ROOT } from './paths.ts'
import type { Generated } from './tasks/generate.ts'

const ODCS = 'packages/contract/schema/odcs-3.1.0'

/** What validates against a JSON Schema, compiled ahead: to compile one where it is used takes a tenth of a second. */
export function validators(): Generated[] {
  const ajv = new Ajv2019({ allErrors: true, strict: false, code: { source: true, esm: true } })
  formats.default(ajv)
  const schema = JSON.parse(readFileSync(join(ROOT, `${ODCS}.json`), 'utf8'))
  return [{ path: `${ODCS}.js`, content: asModule(standalone.default(ajv, ajv.compile(schema))) }]
}

/** ajv writes `require` into modules, too. */
function asModule(code: string): string {
  const imports = new Map<string, string>()
  const body = code.replace('"use strict";', '').replaceAll(/require\("([^"]+)"\)/g, (_, path: string) => {
    if (!imports.has(path)) imports.set(path, `imported${imports.size}`)
    return imports.get(path)!
  })
  const lines = [...imports].map(([path, name]) => `import ${name} from '${path}.js'`)
  return [...lines, ...split(body), ''].join('\n')
}

/** One declaration a line. */
function split(code: string): string[] {
  return code.split(/(?<=[;}])(?=(?:export )?(?:const|function) [\w$]+)/)
}
