/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, and its jobs with it. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let again = false
    const hear = () => {
      if (again) process.exit(130)
      again = true
      resolve()
    }
    process.on('SIGINT', hear).on('SIGTERM', hear)
  })
}
