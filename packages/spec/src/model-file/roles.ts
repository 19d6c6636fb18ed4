import { labelColumns } from './labels.ts'
import type { ModelFile } from './schema.ts'

const ROLES = ['id', 'time', 'group', 'query', 'series'] as const

/** The columns that a model file gives a part of their own, by the key of `data`: none is a feature by itself. */
export function roleColumns(model: Pick<ModelFile, 'data'>): Array<{ key: string; name: string }> {
  const labels = labelColumns(model).map((name) => ({ key: 'label', name }))
  const others = ROLES.flatMap((key) => {
    const name = model.data[key]
    return name === undefined ? [] : [{ key, name }]
  })
  return [...labels, ...others]
}
