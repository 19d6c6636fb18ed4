/**
 * How quickly the registry is read and written, against gto and curl; and with how many requests and how much memory.
 *
 * npm run bench -w packages/registry -- [--json] [--check]
 */
import { parseArgs } from 'node:util'
import { benchBytes } from './bytes/bytes.ts'
import { benchReading } from './reading/reading.ts'

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

const log = (line: string) => console.error(`  ${line} …`)
const results = [...(await benchReading(log)), ...(await benchBytes(log))]
if (flags.json) for (const { met: _, ...result } of results) console.log(JSON.stringify(result))
else console.table(results)
if (flags.check && results.some(({ met }) => !met)) process.exitCode = 1
