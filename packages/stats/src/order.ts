/** The indices of `values` in ascending order of the values; equal values in the order of their indices. No NaN. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  return order.sort((i, j) => values[i]! - values[j]! || i - j)
}
