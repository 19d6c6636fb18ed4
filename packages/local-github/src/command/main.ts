import { Mistake } from './mistake.ts'
import { parseCommand } from './options.ts'
import { run } from './run.ts'
import type { Out } from './show.ts'
import { interrupted } from './signals.ts'
import { up } from './up.ts'

const help = (name: string) => `${name}: a GitHub on your laptop, for workflows and for tests of what talks to GitHub.

  ${name} up    host this clone until Ctrl-C, with pages, API, git and workflows
    --port <number>             8080 when missing
    --root <folder>             what it remembers; inside .git when missing
    --public                    anybody may read it; private when missing
  ${name} run .github/workflows/<file>.yml    run one workflow on the files as they are, on a GitHub that is gone after
    --event <name>              workflow_dispatch, push, pull_request, schedule or repository_dispatch
    --ref <branch>              that is pushed or dispatched, the one checked out when missing; of a pull request: its
                                base, main when missing
    --input <name=value>        of a dispatch; may be given again
    --secret <NAME=value>       or NAME alone, for that of the environment; may be given again
    --variable <NAME=value>     may be given again
    --logs                      print the logs of all jobs, not of the failed ones alone
  both
    --act <path>                act, which runs the jobs; that of the PATH when missing
    --action <owner/repo=folder>  take an action from a folder; may be given again

Jobs run on this machine as you. Exit codes: 0 success · 1 a job failed or nothing ran · 2 the input is wrong ·
130 ended by Ctrl-C, which ends the jobs; a second one does not wait for their last steps.
`

/** Where the command runs. */
export interface Terminal {
  /** As what the command was called. */
  name: string
  folder: string
  out: Out
  error: Out
  /** Resolves when whoever waits wants no more; at a signal to end when missing. */
  ended?: Promise<void>
}

/** Runs the command; answers with the exit code. */
export async function runCommand(args: string[], terminal: Terminal): Promise<number> {
  const { name, folder, out, error } = terminal
  try {
    const command = parseCommand(args, name)
    if (command.verb === 'help') {
      out.write(help(name))
      return command.asked ? 0 : 2
    }
    const ended = terminal.ended ?? interrupted()
    if (command.verb === 'run') return await run(folder, command, out, ended)
    await up(folder, command, out, ended)
    return 0
  } catch (cause) {
    if (!(cause instanceof Mistake)) throw cause
    error.write(`${cause.message}\n`)
    return 2
  }
}
