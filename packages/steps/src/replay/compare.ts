import type { Difference } from '@modelyard/report'
import { canonicalJson } from '@modelyard/spec'

/**
 * Every value that is another in two JSON documents, with the way to it: `metrics › roc_auc › candidate › value`.
 * Members of a list are told apart by what names them, so that one that is new does not make all that follow differ; a list in
 * another order is one difference.
 */
export function compareJson(recorded: unknown, replayed: unknown, way: readonly string[] = []): Difference[] {
  if (write(recorded) === write(replayed)) return []
  const difference = { what: way.join(' › '), recorded: write(recorded), replayed: write(replayed) }
  const [before, after] = [membersOf(recorded), membersOf(replayed)]
  if (!before || !after || Array.isArray(recorded) !== Array.isArray(replayed)) return [difference]
  const parts = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    compareJson(before.get(name), after.get(name), [...way, name]),
  )
  return parts.length > 0 ? parts : [difference]
}

/** The parts of an object or list by name; undefined for a value without parts. */
function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  const members = new Map<string, unknown>()
  for (const [index, member] of value.entries()) {
    const name = nameOf(member) ?? String(index + 1)
    members.set(members.has(name) ? `${name} (${index + 1})` : name, member)
  }
  return members
}

const NAMES = ['role', 'dataset', 'name', 'column', 'change', 'metric', 'rule', 'slice', 'by']

function nameOf(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return undefined
  const parts = NAMES.flatMap((key) => {
    const part = (member as Record<string, unknown>)[key]
    return typeof part === 'string' ? [part] : []
  })
  return parts.length === 0 ? undefined : parts.join(' ')
}

function write(value: unknown): string {
  return value === undefined ? 'nothing' : canonicalJson(value)
}
