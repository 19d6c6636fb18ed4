import type { SealingKey, Setting } from '../store/entities.ts'
import type { Shaping } from './common.ts'

export function variableShape({ urls }: Shaping, row: Setting) {
  return { name: row.name, value: row.value, ...times(row), ...visibility(urls.api, 'variables', row) }
}

/** A secret never comes back. */
export function secretShape({ urls }: Shaping, row: Setting) {
  return { name: row.name, ...times(row), ...visibility(urls.api, 'secrets', row) }
}

export function sealingKeyShape({ id, publicKey }: SealingKey) {
  return { key_id: String(id), key: publicKey }
}

const times = ({ createdAt, updatedAt }: Setting) => ({ created_at: createdAt, updated_at: updatedAt })

function visibility(api: string, kind: string, { organization, name, visibility }: Setting) {
  if (organization === undefined) return {}
  const url = `${api}/orgs/${organization}/actions/${kind}/${name}/repositories`
  return { visibility, ...(visibility === 'selected' ? { selected_repositories_url: url } : {}) }
}
