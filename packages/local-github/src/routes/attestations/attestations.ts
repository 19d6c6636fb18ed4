import { writeFile } from 'node:fs/promises'
import { type App, bodyOf, type Ctx, repoOf } from '../../http/app.ts'
import { access, actor } from '../../http/auth.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { attestationShape } from '../../shapes/attestations.ts'
import { setBlobType } from '../../store/blobs.ts'
import type { Attestation, User } from '../../store/entities.ts'
import { blobPath } from '../../store/store.ts'
import { readBundle } from './bundle.ts'
import { cursorPage } from './cursor.ts'

interface GivenQuery {
  subject_digests: string[]
  predicate_type: string
}

/** Attestations of artefacts: kept as they were given, found by the digest of what they are about. */
export function addAttestationRoutes(app: App, hub: Hub): void {
  const { attestations, repositories } = hub.store

  app.post('/repos/:owner/:repo/attestations', async (c) => {
    const repo = repoOf(hub, c, 'attestations', 'write')
    const { bundle } = (await bodyOf<{ bundle: Record<string, unknown> }>(c)) as { bundle: Record<string, unknown> }
    const { digests, predicateType } = readBundle(bundle)
    const file = blobPath(hub.store)
    await writeFile(file, JSON.stringify(bundle))
    await setBlobType(file, 'application/json')
    const { id } = attestations.insert({
      repo: repo.id,
      digests,
      predicateType,
      bundle,
      file,
      initiator: actor(c.get('by')),
      createdAt: hub.clock.now(),
    })
    return c.json({ id }, 201)
  })

  app.get('/repos/:owner/:repo/attestations/:digest', (c) => {
    const repo = repoOf(hub, c, 'attestations', 'read')
    const rows = about([c.req.param('digest')], c.req.query('predicate_type')).filter((row) => row.repo === repo.id)
    return list(c, rows)
  })

  app.get('/orgs/:org/attestations/repositories', (c) => {
    const { login } = organizationOf(hub, c)
    const type = c.req.query('predicate_type')
    const rows = ofAccount(c, login).filter((row) => type === undefined || row.predicateType === type)
    const ids = [...new Set(rows.map(({ repo }) => repo))].sort((a, b) => a - b)
    const shown = cursorPage(
      c,
      ids.flatMap((id) => repositories.get(id) ?? []),
    )
    return c.json(shown.map(({ id, name }) => ({ id, name })))
  })

  addAccount('/users/:login', (c) => accountOf(hub, c), demandSelf)
  addAccount('/orgs/:org', (c) => organizationOf(hub, c), demandOwner)

  /** What is asked of all repositories of an account. */
  function addAccount(path: string, accountFor: (c: Ctx) => User, demandRight: (c: Ctx, account: User) => void): void {
    app.post(`${path}/attestations/bulk-list`, async (c) => {
      const account = accountFor(c)
      const { subject_digests = [], predicate_type } = await bodyOf<GivenQuery>(c)
      const own = ofAccount(c, account.login)
      const found = about(subject_digests, predicate_type).filter((row) => own.includes(row))
      const shown = cursorPage(c, found)
      const grouped = subject_digests.map((digest) => {
        const rows = shown.filter(({ digests }) => digests.includes(digest))
        return [digest, rows.length > 0 ? rows.map((row) => attestationShape(hub, row)) : null] as const
      })
      const has_next = shown.at(-1) !== found.at(-1)
      return c.json({
        attestations_subject_digests: Object.fromEntries(grouped),
        page_info: { has_next, has_previous: shown[0] !== found[0] },
      })
    })

    app.post(`${path}/attestations/delete-request`, async (c) => {
      const account = accountFor(c)
      demandRight(c, account)
      const body = await bodyOf<{ subject_digests: string[]; attestation_ids: number[] }>(c)
      const { subject_digests = [], attestation_ids = [] } = body
      const own = ofAccount(c, account.login)
      const chosen = own.filter(
        ({ id, digests }) => attestation_ids.includes(id) || digests.some((digest) => subject_digests.includes(digest)),
      )
      if (chosen.length === 0) throw notFound()
      for (const { id } of chosen) attestations.delete(id)
      return c.body(null, 200)
    })

    app.delete(`${path}/attestations/digest/:digest`, (c) => {
      const account = accountFor(c)
      demandRight(c, account)
      const digest = c.req.param('digest')!
      const rows = ofAccount(c, account.login).filter(({ digests }) => digests.includes(digest))
      if (rows.length === 0) throw notFound()
      for (const { id } of rows) attestations.delete(id)
      return c.body(null, 204)
    })

    app.delete(`${path}/attestations/:id{[0-9]+}`, (c) => {
      const account = accountFor(c)
      demandRight(c, account)
      const row = ofAccount(c, account.login).find(({ id }) => id === Number(c.req.param('id')))
      if (!row) throw notFound()
      attestations.delete(row.id)
      return c.body(null, 204)
    })

    app.get(`${path}/attestations/:digest`, (c) => {
      const own = ofAccount(c, accountFor(c).login)
      return list(
        c,
        about([c.req.param('digest')!], c.req.query('predicate_type')).filter((row) => own.includes(row)),
      )
    })
  }

  const list = (c: Ctx, rows: readonly Attestation[]) =>
    c.json({ attestations: cursorPage(c, rows).map((row) => attestationShape(hub, row)) })

  const about = (wanted: readonly string[], predicateType: string | undefined) =>
    attestations
      .filter((row) => row.digests.some((digest) => wanted.includes(digest)))
      .filter((row) => predicateType === undefined || matches(row.predicateType, predicateType))
      .reverse()

  /** What of an account's the asker may see. */
  function ofAccount(c: Ctx, login: string): Attestation[] {
    const visible = repositories.filter((repo) => repo.owner === login && access(hub, c.get('by'), repo) !== 'none')
    const ids = new Set(visible.map(({ id }) => id))
    return attestations.filter(({ repo }) => ids.has(repo))
  }

  function demandSelf(c: Ctx, { login }: User): void {
    if (personOf(c) !== login) throw new ApiError(403, 'Forbidden')
  }

  function demandOwner(c: Ctx, organization: User): void {
    demandMember(hub, c, organization, 'owner', 'Forbidden')
  }
}

/** GitHub's short names for what its own actions attest. */
const PREDICATES: Record<string, RegExp> = {
  provenance: /^https:\/\/slsa\.dev\/provenance\//,
  sbom: /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)/,
  release: /^https:\/\/in-toto\.io\/attestation\/release\//,
}

const matches = (type: string, wanted: string) => PREDICATES[wanted]?.test(type) ?? type === wanted
