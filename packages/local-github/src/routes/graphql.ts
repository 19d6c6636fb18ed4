import { readFile } from 'node:fs/promises'
import type { GraphQLSchema } from 'graphql'
import { repositoryNode } from '../graphql/repository.ts'
import { type App, bodyOf } from '../http/app.ts'
import { demand, type Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { findRepository } from '../store/store.ts'

interface Asked {
  query: string
  variables: Record<string, unknown>
}

let schema: Promise<GraphQLSchema> | undefined

/** GitHub's own schema, cut down to what is served. Read when somebody asks: most servers are never asked. */
function loadSchema(): Promise<GraphQLSchema> {
  schema ??= (async () => {
    const { buildSchema } = await import('graphql')
    return buildSchema(await readFile(new URL('../graphql/schema.graphql', import.meta.url), 'utf8'))
  })()
  return schema
}

/** GraphQL: refusals are part of an answer that is a success for HTTP, as GitHub gives them. */
export function addGraphRoute(app: App, hub: Hub): void {
  app.post('/', async (c) => {
    const by = c.get('by')
    if (by.kind === 'anonymous') throw new ApiError(401, 'This endpoint requires you to be authenticated.')
    const { query, variables = {} } = await bodyOf<Asked>(c)
    if (typeof query !== 'string') throw new ApiError(400, 'A query attribute must be specified and must be a string.')
    const { graphql } = await import('graphql')
    const rootValue = {
      repository: ({ owner, name }: { owner: string; name: string }) => visible(hub, by, `${owner}/${name}`),
    }
    const { data, errors } = await graphql({
      schema: await loadSchema(),
      source: query,
      rootValue,
      variableValues: variables,
    })
    return c.json({
      ...(data === undefined ? {} : { data }),
      ...(errors
        ? {
            errors: errors.map(({ message, path, locations, originalError }) => ({
              ...typeOf(originalError),
              path,
              locations,
              message,
            })),
          }
        : {}),
    })
  })
}

function visible(hub: Hub, by: Principal, name: string) {
  const repo = findRepository(hub.store, name)
  const unknown = new ApiError(404, `Could not resolve to a Repository with the name '${name}'.`)
  if (!repo) throw unknown
  try {
    demand(hub, by, repo, 'contents', 'read')
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? unknown : error
  }
  return repositoryNode(hub, repo, by)
}

/** The word with which GitHub marks a refusal. */
function typeOf(error: unknown): { type?: string } {
  if (!(error instanceof ApiError)) return {}
  return { type: error.status === 404 ? 'NOT_FOUND' : 'FORBIDDEN' }
}
