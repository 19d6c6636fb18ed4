import type { Rule } from './rule.ts'

const NAMING =
  'https://docs.github.com/en/actions/reference/workflows-and-actions/variables#naming-conventions-for-configuration-variables'
const DOCS = 'https://docs.github.com/en/rest/actions/variables'

export const VARIABLES: readonly Rule[] = [
  {
    id: 'variables/names-in-upper-case',
    rule: 'Names of variables and secrets are kept in upper case, and found in any.',
    source: 'https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets',
    test: 'variables.test.ts',
    takeOut: {
      file: 'store/settings.ts',
      from: 'const name = given.name.toUpperCase()',
      to: 'const name = given.name',
    },
  },
  {
    id: 'variables/github-prefix',
    rule: 'A name that begins with GITHUB_ is refused.',
    source: NAMING,
    test: 'variables.test.ts',
    takeOut: { file: 'routes/variables/scopes.ts', from: 'if (/^github_/i.test(name))', to: "if (name === '')" },
  },
  {
    id: 'variables/name-characters',
    rule: 'A name of anything but letters, digits and underscores, or that begins with a digit, is refused.',
    source: 'https://github.com/millylee/anyrouter-check-in/issues/126',
    test: 'variables.test.ts',
    takeOut: {
      file: 'routes/variables/scopes.ts',
      from: 'if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))',
      to: "if (name === '')",
    },
  },
  {
    id: 'variables/once',
    rule: 'A variable is created once: 409 for the second; a secret is written over.',
    source: 'https://github.com/cli/cli/blob/trunk/pkg/cmd/variable/set/http.go',
    test: 'variables.test.ts',
    takeOut: {
      file: 'routes/variables/variables.ts',
      from: '      if (findSetting(variables, scope, name)) throw alreadyExists()\n',
      to: '',
    },
  },
  {
    id: 'variables/size',
    rule: 'A value is 48 KB at most.',
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/variables#limits-for-configuration-variables',
    test: 'variables.test.ts',
    takeOut: { file: 'routes/variables/scopes.ts', from: 'const LONGEST = 48 * 1024', to: 'const LONGEST = Infinity' },
  },
  {
    id: 'variables/hundred-of-an-environment',
    rule: 'An environment has 100 variables at most, a repository 500.',
    source: 'https://github.com/orgs/community/discussions/63159',
    test: 'variables.test.ts',
    takeOut: {
      file: 'routes/variables/variables.ts',
      from: 'if (variables.filter(isOf(scope)).length >= limits.variables)',
      to: 'if (limits.variables < 0)',
    },
  },
  {
    id: 'variables/pages-of-ten',
    rule: 'Variables come in pages of 10, and of 30 at most.',
    source: `${DOCS}#list-repository-variables`,
    test: 'variables.test.ts',
    takeOut: { file: 'routes/variables/variables.ts', from: '{ size: 10, most: 30 }', to: '{ size: 30, most: 100 }' },
  },
  {
    id: 'variables/selected-repositories',
    rule: 'Repositories can be selected only where the visibility is `selected`: 409 otherwise.',
    source: `${DOCS}#set-selected-repositories-for-an-organization-variable`,
    test: 'variables.test.ts',
    takeOut: {
      file: 'routes/variables/selection.ts',
      from: "if (row.visibility !== 'selected')",
      to: 'if (row.visibility === undefined)',
    },
  },
  {
    id: 'variables/secrets-are-sealed',
    rule: 'A secret that is not sealed for the key of its place is refused: 422 «improperly encrypted secret».',
    source: 'https://github.com/integrations/terraform-provider-github/issues/2315',
    test: 'variables.test.ts',
    takeOut: {
      file: 'routes/variables/secrets.ts',
      from: '  } catch {\n    return undefined',
      to: '  } catch {\n    return sealed',
    },
  },
]
