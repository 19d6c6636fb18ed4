import type { Model, Predicate } from '@modelyard/spec'

type GateResult = Predicate<'gate'>['gates'][number]

/**
 * Each gate with the model file's line that asks for it, so that a check can point there. Gates that differ in nothing
 * but their limits are told apart by their order, which is that of the model file.
 */
export function withLines(results: readonly GateResult[], { evaluate, lines }: Model): GateResult[] {
  const taken = new Set<string>()
  return results.map((result) => {
    const { metric, slice, by, rule } = result
    const asked = evaluate.gates.findIndex(
      (gate, index) =>
        gate[rule] !== undefined &&
        gate.metric === metric &&
        gate.slice === slice &&
        gate.by === by &&
        !taken.has(`${index} ${rule}`),
    )
    taken.add(`${asked} ${rule}`)
    const line = lines?.gates[asked]
    return line === undefined ? result : { ...result, line }
  })
}
