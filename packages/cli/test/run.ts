import { runCommandLine } from '../src/command-line.ts'

/** Runs the command in a folder, as a pipe would, with no token unless one is given. */
export async function runWith(folder: string, args: string[], env: Record<string, string> = {}) {
  let [out, err] = ['', '']
  const code = await runCommandLine(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env,
    cwd: () => folder,
  })
  return { code, out, err }
}

/** The same with no token. */
export function run(folder: string, ...args: string[]) {
  return runWith(folder, args)
}
