import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { ApiError } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { type Change, setLabels } from '../../issues/changes.ts'
import { BOTH, findLabel, issueOf } from '../../issues/find.ts'
import { useLabels } from '../../issues/labels.ts'
import { labelsOf } from '../../shapes/issues.ts'
import type { Label } from '../../store/entities.ts'

type Named = string | { name: string }

/** The labels of an issue or a pull request. */
export function addIssueLabelRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/issues/:number/labels'

  app.get(path, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(page(c, labelsOf(hub, repo, issueOf(hub, repo, c))))
  })

  app.post(path, async (c) => {
    const change = changeOf(c)
    const wanted = useLabels(hub, change.repo, await namesOf(c))
    await setLabels(change, [...new Set([...change.issue.labels, ...wanted])])
    return answer(c, change)
  })

  app.put(path, async (c) => {
    const change = changeOf(c)
    await setLabels(change, useLabels(hub, change.repo, await namesOf(c)))
    return answer(c, change)
  })

  app.delete(path, async (c) => {
    await setLabels(changeOf(c), [])
    return c.body(null, 204)
  })

  app.delete(`${path}/:name`, async (c) => {
    const change = changeOf(c)
    const { repo, issue } = change
    const label: Label | undefined = findLabel(hub, repo, c.req.param('name'))
    if (!label || !issue.labels.includes(label.id)) throw new ApiError(404, 'Label does not exist')
    await setLabels(
      change,
      issue.labels.filter((id) => id !== label.id),
    )
    return answer(c, change)
  })

  function changeOf(c: Ctx): Change {
    const repo = repoOf(hub, c, BOTH, 'triage')
    return { hub, repo, by: c.get('by'), issue: issueOf(hub, repo, c) }
  }

  const answer = (c: Ctx, { repo, issue }: Change) => c.json(labelsOf(hub, repo, issue))
}

/** `{"labels": ["a"]}` or `{"labels": [{"name": "a"}]}`; GitHub takes the bare list, too. */
async function namesOf(c: Ctx): Promise<string[]> {
  const body: { labels?: readonly Named[] } | readonly Named[] = await bodyOf<{ labels: readonly Named[] }>(c)
  const labels = Array.isArray(body)
    ? (body as readonly Named[])
    : ((body as { labels?: readonly Named[] }).labels ?? [])
  return labels.map((each) => (typeof each === 'string' ? each : each.name))
}
