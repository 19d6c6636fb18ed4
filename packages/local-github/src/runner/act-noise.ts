/** What act says of itself, and GitHub's log has no line for. */
const NOISE = [
  /^LocalRepositoryCache /,
  /^Couldn't get a valid docker connection/,
  /^Cleaning up container for job /,
  /^path.*not located inside a git repository$/,
  /^unable to get git (?:ref|revision):/,
  /^Error: Job '.*' failed$/,
]

/** Whether an entry of act's log is about act; what steps print never is. */
export function isNoise({ msg = '', raw_output, command }: { msg?: string; raw_output?: boolean; command?: string }) {
  return !raw_output && command === undefined && NOISE.some((noise) => noise.test(msg))
}
