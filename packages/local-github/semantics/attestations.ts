import type { Rule } from './rule.ts'

const DOCS = 'https://docs.github.com/en/rest/orgs/attestations'

export const ATTESTATIONS: readonly Rule[] = [
  {
    id: 'attestations/only-of-readable-repositories',
    rule: 'Of an organization’s attestations those of repositories that the asker cannot read are left out.',
    source: `${DOCS}#list-attestations`,
    test: 'attestations.test.ts',
    takeOut: {
      file: 'routes/attestations/attestations.ts',
      from: "repo.owner === login && access(hub, c.get('by'), repo) !== 'none'",
      to: 'repo.owner === login',
    },
  },
  {
    id: 'attestations/by-kind',
    rule: '`predicate_type` takes `provenance`, `sbom` and `release` for the types that GitHub’s own actions attest.',
    source: `${DOCS}#list-attestations`,
    test: 'attestations.test.ts',
    takeOut: {
      file: 'routes/attestations/attestations.ts',
      from: 'PREDICATES[wanted]?.test(type) ?? type === wanted',
      to: 'type === wanted',
    },
  },
]
