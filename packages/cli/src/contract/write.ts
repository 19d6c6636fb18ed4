import { plain } from '../plain.ts'
import type { Terminal } from '../terminal.ts'

/** Writes a contract to standard output: as it is to a file, without what is not seen to a terminal. */
export function writeContract({ stdout }: Terminal, contract: string): void {
  stdout.write(stdout.isTTY ? contract.split('\n').map(plain).join('\n') : contract)
}

/** The files that are named with commas between them. */
export function filesOf(written: string): string[] {
  return written
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
