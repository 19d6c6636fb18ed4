import { bundle } from './bundle.ts'
import { bench } from './tasks/bench.ts'
import { demo } from './tasks/demo.ts'
import { generate } from './tasks/generate.ts'
import { mutate } from './tasks/mutate.ts'
import { release } from './tasks/release.ts'
import { check, test } from './tasks/test.ts'

const TASKS = { demo, test, check, bundle: () => bundle(), generate, mutate, bench, release } as const

const [task = '', ...args] = process.argv.slice(2)
if (!(task in TASKS)) {
  console.error(`There is no task ${JSON.stringify(task)}. There are: ${Object.keys(TASKS).join(', ')}.`)
  process.exit(2)
}
try {
  process.exitCode = (await TASKS[task as keyof typeof TASKS](args)) ?? 0
} catch (error) {
  for (let each: unknown = error; each instanceof Error; each = each.cause) console.error(each.message)
  process.exitCode = 1
}
