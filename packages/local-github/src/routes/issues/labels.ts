import { type App, bodyOf, type Ctx, page, repoOf, stated } from '../../http/app.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { BOTH, findLabel } from '../../issues/find.ts'
import { checkLabel, createLabel } from '../../issues/labels.ts'
import { emitActivity } from '../../scheduler/issue-events.ts'
import { labelShape } from '../../shapes/labels.ts'
import type { Label, Repository } from '../../store/entities.ts'

/** The labels of a repository. */
export function addLabelRoutes(app: App, hub: Hub): void {
  const { labels, issues } = hub.store

  app.get('/repos/:owner/:repo/labels', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const own = labels.filter((row) => row.repo === repo.id)
    return c.json(page(c, own).map((row) => labelShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/labels', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const { name, color, description } = await bodyOf<{ name: string; color: string; description: string }>(c)
    const label = createLabel(hub, repo, { name: name!, color, description })
    const shape = labelShape(hub, repo, label)
    await emitActivity(hub, repo, c.get('by'), { name: 'label', action: 'created', payload: { label: shape } })
    return c.json(shape, 201, { location: shape.url })
  })

  app.get('/repos/:owner/:repo/labels/:name', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(labelShape(hub, repo, labelOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/labels/:name', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const label = labelOf(repo, c)
    const { new_name: name, color, description } = await bodyOf<Record<'new_name' | 'color' | 'description', string>>(c)
    checkLabel(stated({ name, color, description }))
    const other = name === undefined ? undefined : findLabel(hub, repo, name)
    if (other && other !== label) throw invalid('Label', 'already_exists', 'name')
    const before = { name: label.name, color: label.color, description: label.description ?? '' }
    labels.update(label, stated({ name, color, description }))
    const changes = Object.fromEntries(
      (['name', 'color', 'description'] as const)
        .filter((key) => (label[key] ?? '') !== before[key])
        .map((key) => [key, { from: before[key] }]),
    )
    const payload = { label: labelShape(hub, repo, label), changes }
    await emitActivity(hub, repo, c.get('by'), { name: 'label', action: 'edited', payload })
    return c.json(payload.label)
  })

  app.delete('/repos/:owner/:repo/labels/:name', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const label = labelOf(repo, c)
    const payload = { label: labelShape(hub, repo, label) }
    for (const issue of issues.filter((row) => row.labels.includes(label.id)))
      issues.update(issue, { labels: issue.labels.filter((id) => id !== label.id) })
    labels.delete(label.id)
    await emitActivity(hub, repo, c.get('by'), { name: 'label', action: 'deleted', payload })
    return c.body(null, 204)
  })

  function labelOf(repo: Repository, c: Ctx): Label {
    const label = findLabel(hub, repo, c.req.param('name')!)
    if (!label) throw notFound()
    return label
  }
}
