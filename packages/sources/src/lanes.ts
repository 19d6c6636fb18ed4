const AT_ONCE = 4

/** Does something for each, a few at a time, and answers in their order. After a failure nothing more is begun. */
export async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const failures: unknown[] = []
  const queue = [...items.entries()]
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next
      try {
        results[index] = await work(item)
      } catch (error) {
        failures.push(error)
        queue.length = 0
      }
    }
  }
  // What was begun is brought to its end, so that nothing is written any more once this has failed.
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  if (failures.length > 0) throw failures[0]
  return results
}
