/** Placeholder replaced below. */
export async function mutate(): Promise<number> {
  return 1
}
