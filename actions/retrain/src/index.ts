import { run } from '@modelyard/action-kit'
import { inputs, outputs } from './inputs.ts'
import { main } from './main.ts'

await run({ inputs, outputs, main })
