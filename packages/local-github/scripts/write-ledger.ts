// Writes docs/github-semantics.md.
// Usage: node packages/local-github/scripts/write-ledger.ts
import { writeFileSync } from 'node:fs'
import { writeLedger } from '../semantics/ledger.ts'
import { RULES } from '../semantics/rules.ts'

writeFileSync(new URL('../../../docs/github-semantics.md', import.meta.url), writeLedger(RULES))
console.log(`${RULES.length} rules`)
