/** What the command needs of a process: tests give it another. */
export interface Terminal {
  stdout: { write(text: string): unknown; isTTY?: boolean }
  stderr: { write(text: string): unknown; isTTY?: boolean }
  /** Where answers to questions come from; none in a test that is asked nothing. */
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean }
  env: NodeJS.ProcessEnv
  cwd(): string
}
