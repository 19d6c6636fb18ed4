/**
 * How quickly data are checked and profiled, and with how much memory, against what people use in Python: each program
 * in a process of its own, on the same files and machine, one after the other.
 *
 * npm run bench -w packages/data -- [--json] [--check] [--quick]
 */
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setUpPython } from '@modelyard/tooling'
import { benchChecks } from './checks.ts'
import { benchProfiles } from './profiles.ts'
import type { Result } from './result.ts'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    /** Gives the slowest peer a tenth of the rows. */
    quick: { type: 'boolean', default: false },
  },
})

const log = (line: string) => console.error(`  ${line} …`)
log(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}`)
const python = join(await setUpPython('data-bench', join(import.meta.dirname, 'requirements.txt')), 'python')
const results: Result[] = [...(await benchChecks(python, flags.quick, log)), ...(await benchProfiles(log))]
if (flags.json) for (const result of results) console.log(JSON.stringify(result))
else console.table(results)
if (flags.check && results.some(({ met }) => !met)) process.exitCode = 1
