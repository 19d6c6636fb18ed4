import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What one of several at once does to a registry. */
export type What =
  | { kind: 'register'; content: string; data: string }
  | { kind: 'assign' | 'unassign' | 'rollback'; stage: string }
  | { kind: 'lift' | 'deprecate' }

export interface Task {
  what: What
  model: string
  /** Names the task in the history of what it did. */
  reason: string
  source: { commit: string; tree: string }
  seed: number
  /** The longest wait before a write, in milliseconds. */
  delay: number
  token: string
  repository: string
  apiUrl: string
}

/** The tags of the events that it made, or found; why it was refused; or how it broke. */
export type Done = { tags: string[]; found: boolean } | { refused: string } | { failed: string }

export interface Workers {
  /** Each of these in a process of its own, at once. */
  run(tasks: Task[]): Promise<Done[]>
  close(): void
}

/** Starts processes that take work one after another. */
export function openWorkers(count: number): Workers {
  const workers = Array.from({ length: count }, openWorker)
  return {
    run: (tasks) => Promise.all(tasks.map((task, index) => workers[index]!.ask(task))),
    close() {
      for (const worker of workers) worker.close()
    },
  }
}

function openWorker(): { ask(task: Task): Promise<Done>; close(): void } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(task) {
      child.stdin.write(`${JSON.stringify(task)}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error(`the process of ${task.reason} ended`)
      return JSON.parse(value)
    },
    close: () => child.stdin.end(),
  }
}
