/** What the command needs of a process: tests give it another. */
export interface Terminal {
  stdout: { write(text: string): unknown; isTTY?: boolean }
  stderr: { write(text: string): unknown; isTTY?: boolean }
  env: NodeJS.ProcessEnv
  cwd(): string
}
