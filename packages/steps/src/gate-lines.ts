import type { Model, Predicate } from '@modelyard/spec'

type GateResult = Predicate<'gate'>['gates'][number]

/** Each gate with the model file's line that asks for it, so that a check can point there. */
export function withLines(results: readonly GateResult[], { evaluate, gateLines }: Model): GateResult[] {
  return results.map((result) => {
    const same = ({ metric, slice, by }: (typeof evaluate.gates)[number]) =>
      metric === result.metric && slice === result.slice && by === result.by
    const asked = evaluate.gates.findIndex((gate) => same(gate) && gate[result.rule] !== undefined)
    const line = gateLines?.[asked < 0 ? evaluate.gates.findIndex(same) : asked]
    return line === undefined ? result : { ...result, line }
  })
}
