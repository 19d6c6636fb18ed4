import type { Rule } from './rule.ts'

/** The ledger as docs/github-semantics.md. */
export function writeLedger(rules: readonly Rule[]): string {
  const families = [...new Set(rules.map(({ id }) => familyOf(id)))]
  const sections = families.map((family) => {
    const rows = rules.filter(({ id }) => familyOf(id) === family).map(row)
    return [`## ${family}`, '', '| Rule | What GitHub does | Source |', '|---|---|---|', ...rows].join('\n')
  })
  return `${[HEAD.replace('{count}', String(rules.length)), ...sections].join('\n\n')}\n`
}

const HEAD = `<!-- Written by packages/local-github/scripts/write-ledger.ts from packages/local-github/semantics. -->

# What GitHub does that no schema tells

{count} rules that the [local GitHub](../packages/local-github/README.md) keeps because GitHub does. Each is pinned by the
test in \`packages/local-github/test/semantics\` whose name begins with the rule's, through octokit or git over HTTP;
\`node packages/local-github/scripts/take-out-rules.ts\` takes each out of the server in turn and shows that its test falls.`

const familyOf = (id: string) => id.slice(0, id.indexOf('/'))

function row({ id, rule, source }: Rule): string {
  const name = id.slice(id.indexOf('/') + 1)
  const [, site] = /^https:\/\/([^/]+)\//.exec(source) ?? []
  return `| \`${name}\` | ${inTable(rule)} | ${site ? `[${site}](${source})` : inTable(source)} |`
}

const inTable = (text: string) => text.replaceAll('|', '\\|')
