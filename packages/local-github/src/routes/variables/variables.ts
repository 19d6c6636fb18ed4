import { type App, bodyOf, type Ctx, page, stated } from '../../http/app.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { variableShape } from '../../shapes/variables.ts'
import type { Setting } from '../../store/entities.ts'
import { findSetting, isOf, isShown, saveSetting } from '../../store/settings.ts'
import {
  demandName,
  demandSize,
  ENVIRONMENT,
  ORGANIZATION,
  REPOSITORY,
  repositoryOf,
  type SettingPlace,
} from './scopes.ts'
import { addSelectionRoutes, selectionOf } from './selection.ts'

/** Variables come in pages of this size unless asked for otherwise. */
const PAGE = { size: 10, most: 30 }

interface Given {
  name: string
  value: string
  visibility: 'all' | 'private' | 'selected'
  selected_repository_ids: number[]
}

/** The variables of organizations, repositories and environments. */
export function addVariableRoutes(app: App, hub: Hub): void {
  const { variables } = hub.store
  for (const place of [ORGANIZATION, REPOSITORY, ENVIRONMENT]) addPlace(place)
  addSelectionRoutes(app, hub, ORGANIZATION, variables, 'variables')

  app.get('/repos/:owner/:repo/actions/organization-variables', (c) => {
    const repo = repositoryOf(hub, c, 'variables', 'manage')
    const rows = variables.filter((row) => row.organization === repo.owner && isShown(row, repo))
    const shown = page(c, rows, PAGE).map(({ organization: _organization, ...row }) => variableShape(hub, row))
    return c.json({ total_count: rows.length, variables: shown })
  })

  function addPlace({ path, limits, scopeOf }: SettingPlace): void {
    const scopeFor = (c: Ctx) => scopeOf(hub, c, 'variables', 'manage')
    const variableOf = (c: Ctx): Setting => {
      const row = findSetting(variables, scopeFor(c), c.req.param('name')!)
      if (!row) throw notFound()
      return row
    }

    app.get(`${path}/variables`, (c) => {
      const rows = variables.filter(isOf(scopeFor(c))).sort((a, b) => (a.name < b.name ? -1 : 1))
      const shown = page(c, rows, PAGE).map((row) => variableShape(hub, row))
      return c.json({ total_count: rows.length, variables: shown })
    })

    app.post(`${path}/variables`, async (c) => {
      const scope = scopeFor(c)
      const body = await bodyOf<Given>(c)
      const { name, value } = body as Given
      demandName('variables', name)
      demandSize('variables', value)
      if (findSetting(variables, scope, name)) throw alreadyExists()
      if (variables.filter(isOf(scope)).length >= limits.variables)
        throw unprocessable(`You have reached the limit of ${limits.variables} variables.`)
      saveSetting(hub, variables, { ...scope, name, value, ...selectionOf(scope, body) })
      return c.json({}, 201)
    })

    app.get(`${path}/variables/:name`, (c) => c.json(variableShape(hub, variableOf(c))))

    app.patch(`${path}/variables/:name`, async (c) => {
      const row = variableOf(c)
      const body = await bodyOf<Given>(c)
      const { name = row.name, value = row.value } = body
      demandName('variables', name)
      demandSize('variables', value)
      const other = findSetting(variables, row, name)
      if (other && other !== row) throw alreadyExists()
      const changes = { name: name.toUpperCase(), value, ...selectionOf(row, body) }
      variables.update(row, { ...stated(changes), updatedAt: hub.clock.now() })
      return c.body(null, 204)
    })

    app.delete(`${path}/variables/:name`, (c) => {
      variables.delete(variableOf(c).id)
      return c.body(null, 204)
    })
  }
}

const alreadyExists = () => new ApiError(409, 'Already exists - Variable already exists')
