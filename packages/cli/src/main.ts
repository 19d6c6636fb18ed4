import { runCommandLine } from './command-line.ts'

// Who reads no further (`| head`) has what they wanted; the exit code stays what the verdict makes it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCommandLine(process.argv.slice(2), process)
