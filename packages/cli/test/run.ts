import { runCommandLine } from '../src/command-line.ts'

/** Runs the command in a folder, as a pipe would, with no token. */
export async function run(folder: string, ...args: string[]) {
  let [out, err] = ['', '']
  const code = await runCommandLine(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
    cwd: () => folder,
  })
  return { code, out, err }
}
