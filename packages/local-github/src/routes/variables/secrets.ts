import { type App, bodyOf, type Ctx, page } from '../../http/app.ts'
import { notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { sealingKeyShape, secretShape } from '../../shapes/variables.ts'
import type { SealingKey, Setting, SettingScope } from '../../store/entities.ts'
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

interface Given {
  encrypted_value: string
  key_id: string
  visibility: 'all' | 'private' | 'selected'
  selected_repository_ids: number[]
}

/** The secrets of organizations, repositories and environments: sealed by who gives them, never shown again. */
export function addSecretRoutes(app: App, hub: Hub): void {
  const { secrets, sealingKeys } = hub.store
  for (const place of [ORGANIZATION, REPOSITORY, ENVIRONMENT]) addPlace(place)
  addSelectionRoutes(app, hub, ORGANIZATION, secrets, 'secrets')

  app.get('/repos/:owner/:repo/actions/organization-secrets', (c) => {
    const repo = repositoryOf(hub, c, 'secrets', 'manage')
    const rows = secrets.filter((row) => row.organization === repo.owner && isShown(row, repo))
    const shown = page(c, rows).map(({ organization: _organization, ...row }) => secretShape(hub, row))
    return c.json({ total_count: rows.length, secrets: shown })
  })

  function addPlace({ path, limits, scopeOf }: SettingPlace): void {
    const scopeFor = (c: Ctx) => scopeOf(hub, c, 'secrets', 'manage')
    const secretOf = (c: Ctx): Setting => {
      const row = findSetting(secrets, scopeFor(c), c.req.param('name')!)
      if (!row) throw notFound()
      return row
    }

    app.get(`${path}/secrets/public-key`, async (c) =>
      c.json(sealingKeyShape(await keyOf(scopeOf(hub, c, 'secrets', 'read-key')))),
    )

    app.get(`${path}/secrets`, (c) => {
      const rows = secrets.filter(isOf(scopeFor(c))).sort((a, b) => (a.name < b.name ? -1 : 1))
      const shown = page(c, rows).map((row) => secretShape(hub, row))
      return c.json({ total_count: rows.length, secrets: shown })
    })

    app.get(`${path}/secrets/:name`, (c) => c.json(secretShape(hub, secretOf(c))))

    app.put(`${path}/secrets/:name`, async (c) => {
      const scope = scopeFor(c)
      const name = c.req.param('name')!
      demandName('secrets', name)
      const body = await bodyOf<Given>(c)
      const { encrypted_value, key_id } = body as Given
      const key = await keyOf(scope)
      const value = key_id === String(key.id) ? await unseal(encrypted_value, key) : undefined
      if (value === undefined)
        throw unprocessable('Bad request - validation failed due to an improperly encrypted secret')
      demandSize('secrets', value)
      const isNew = !findSetting(secrets, scope, name)
      if (isNew && secrets.filter(isOf(scope)).length >= limits.secrets)
        throw unprocessable(`You have reached the limit of ${limits.secrets} secrets.`)
      saveSetting(hub, secrets, { ...scope, name, value, ...selectionOf(scope, body) })
      return isNew ? c.json({}, 201) : c.body(null, 204)
    })

    app.delete(`${path}/secrets/:name`, (c) => {
      secrets.delete(secretOf(c).id)
      return c.body(null, 204)
    })
  }

  async function keyOf(scope: SettingScope): Promise<SealingKey> {
    const sodium = await loadSodium()
    const known = sealingKeys.find(isOf(scope))
    if (known) return known
    const pair = sodium.crypto_box_keypair()
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
    return sealingKeys.insert({ ...scope, publicKey: text(pair.publicKey), privateKey: text(pair.privateKey) })
  }
}

/** What was sealed for a key; undefined where it was not. */
async function unseal(sealed: string, { publicKey, privateKey }: SealingKey): Promise<string | undefined> {
  const sodium = await loadSodium()
  const bytes = (text: string) => Buffer.from(text, 'base64')
  try {
    return Buffer.from(sodium.crypto_box_seal_open(bytes(sealed), bytes(publicKey), bytes(privateKey))).toString('utf8')
  } catch {
    return undefined
  }
}

/** Loaded when first needed: its start takes longer than the server's. */
async function loadSodium() {
  const { default: sodium } = await import('libsodium-wrappers')
  await sodium.ready
  return sodium
}
