import { endLeftWork } from '@modelyard/data'
import { runCommandLine } from './command-line.ts'

// Who reads no further (`| head`) has what they wanted; the exit code stays what the verdict makes it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const code = await runCommandLine(process.argv.slice(2), process)
process.exitCode = code
endLeftWork(code)
