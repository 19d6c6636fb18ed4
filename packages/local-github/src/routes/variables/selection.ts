import { type App, bodyOf, type Ctx, page } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { minimalRepository } from '../../shapes/common.ts'
import type { Repository, Setting, SettingScope } from '../../store/entities.ts'
import { findSetting } from '../../store/settings.ts'
import type { Table } from '../../store/store.ts'
import type { SettingKind, SettingPlace } from './scopes.ts'

interface GivenSelection {
  visibility: 'all' | 'private' | 'selected'
  selected_repository_ids: number[]
}

/** Of a request about an organization's setting, which repositories are to see it; nothing of the others' settings. */
export function selectionOf(
  scope: SettingScope,
  { visibility, selected_repository_ids }: Partial<GivenSelection>,
): Partial<Pick<Setting, 'visibility' | 'selected'>> {
  if (scope.organization === undefined) return {}
  return {
    ...(visibility ? { visibility } : {}),
    ...(selected_repository_ids ? { selected: selected_repository_ids } : {}),
  }
}

/** Which repositories see an organization's setting that only selected ones do. */
export function addSelectionRoutes(
  app: App,
  hub: Hub,
  place: SettingPlace,
  table: Table<Setting>,
  kind: SettingKind,
): void {
  const path = `${place.path}/${kind}/:name/repositories`
  const selectedOf = (c: Ctx): Setting => {
    const row = findSetting(table, place.scopeOf(hub, c, kind, 'manage'), c.req.param('name')!)
    if (!row) throw notFound()
    if (row.visibility !== 'selected') throw new ApiError(409, "Visibility must be set to 'selected'")
    return row
  }
  const repositoryOf = (row: Setting, id: number): Repository => {
    const repo = hub.store.repositories.get(id)
    if (repo?.owner !== row.organization) throw notFound()
    return repo!
  }
  const select = (row: Setting, ids: readonly number[]) =>
    table.update(row, { selected: [...new Set(ids)], updatedAt: hub.clock.now() })

  app.get(path, (c) => {
    const { selected = [] } = selectedOf(c)
    const repositories = selected.flatMap((id) => hub.store.repositories.get(id) ?? [])
    const shown = page(c, repositories).map((repo) => minimalRepository(hub, repo))
    return c.json({ total_count: repositories.length, repositories: shown })
  })

  app.put(path, async (c) => {
    const row = selectedOf(c)
    const { selected_repository_ids: ids = [] } = await bodyOf<GivenSelection>(c)
    select(
      row,
      ids.map((id) => repositoryOf(row, id).id),
    )
    return c.body(null, 204)
  })

  app.put(`${path}/:id`, (c) => {
    const row = selectedOf(c)
    select(row, [...(row.selected ?? []), repositoryOf(row, Number(c.req.param('id'))).id])
    return c.body(null, 204)
  })

  app.delete(`${path}/:id`, (c) => {
    const row = selectedOf(c)
    const { id } = repositoryOf(row, Number(c.req.param('id')))
    select(
      row,
      (row.selected ?? []).filter((each) => each !== id),
    )
    return c.body(null, 204)
  })
}
