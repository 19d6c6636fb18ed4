import { Html, html } from './html.ts'
import type { Viewer } from './viewer.ts'

/** GitHub's own colours and sizes, in light and in dark; as HTML, for nothing in a style sheet is escaped. */
const STYLE = new Html(`
  :root { color-scheme: light dark; --text: #1f2328; --page: #fff; --muted: #59636e; --line: #d1d9e0; --faint: #f6f8fa;
    --code: #818b981f; --link: #0969da; --green: #1f883d; --purple: #8250df; --red: #cf222e; --amber: #9a6700 }
  @media (prefers-color-scheme: dark) {
    :root { --text: #f0f6fc; --page: #0d1117; --muted: #9198a1; --line: #3d444d; --faint: #151b23;
      --code: #656c7633; --link: #4493f8; --green: #238636; --purple: #8957e5; --red: #da3633; --amber: #9e6a03 }
  }
  body { font: 14px/1.5 -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; color: var(--text); background: var(--page); margin: 0 }
  header { background: var(--faint); border-bottom: 1px solid var(--line); padding: 12px 24px; font-size: 16px }
  main { max-width: 1012px; margin: 24px auto; padding: 0 24px }
  a[href] { color: var(--link); text-decoration: none } a[href]:hover { text-decoration: underline }
  h1 code, h2 code, h3 code { font-size: inherit }
  h1 { font-weight: 400; font-size: 28px } h2 { font-size: 18px; border-bottom: 1px solid var(--line); padding-bottom: 6px }
  nav a { margin-right: 16px }
  .box { border: 1px solid var(--line); border-radius: 6px; margin: 16px 0; overflow: hidden }
  .box > header { font-size: 13px; padding: 8px 16px; color: var(--muted) } .box > div { padding: 12px 16px }
  .muted { color: var(--muted) }
  .state { border-radius: 2em; color: #fff; padding: 3px 12px; font-weight: 600; background: var(--muted) }
  .state.open, .state.success { background: var(--green) } .state.merged { background: var(--purple) }
  .state.closed, .state.failure { background: var(--red) } .state.waiting, .state.in_progress { background: var(--amber) }
  .list { list-style: none; padding: 0; margin: 0 } .list > li { padding: 6px 0; border-top: 1px solid var(--line) }
  .markdown h3 { font-size: 17.5px; line-height: 1.25; margin: 8px 0 16px }
  .markdown p, .markdown ul, .markdown details, .markdown pre { margin: 0 0 16px }
  table { border-collapse: collapse; margin: 0 0 16px; display: block; width: max-content; max-width: 100%; overflow: auto }
  th, td { border: 1px solid var(--line); padding: 6px 13px }
  .markdown tr:nth-child(2n) { background: var(--faint) }
  code, pre { font: 85% ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; background: var(--code); border-radius: 6px }
  code { padding: .2em .4em; white-space: break-spaces } pre { padding: 16px; line-height: 1.45; overflow: auto; background: var(--faint) }
  pre code { padding: 0; font-size: 100%; white-space: pre; background: none }
  pre.mermaid { background: none }
  blockquote { border-left: .25em solid var(--line); color: var(--muted); margin: 0 0 16px; padding: 0 1em }
  sub { font-size: 75%; line-height: 0; vertical-align: baseline; position: relative; bottom: -.25em }
  img { max-width: 100% }
  .who { float: right } .refusal { border: 1px solid var(--red); border-radius: 6px; padding: 12px 16px }
  form label { display: block; margin: 4px 0 } textarea { display: block; width: 100%; min-height: 64px; margin: 8px 0; box-sizing: border-box; font: inherit }
  button { font: inherit; font-weight: 500; padding: 5px 16px; border-radius: 6px; border: 1px solid var(--line); background: var(--faint); color: var(--text); cursor: pointer }
  button.primary { background: var(--green); border-color: var(--green); color: #fff }
  .markdown-alert { border-left: .25em solid var(--link); padding: 8px 16px; margin: 0 0 16px } .markdown-alert-title { font-weight: 500; margin: 0 0 8px }
  .markdown-alert-warning { border-color: var(--amber) } .markdown-alert-caution { border-color: var(--red) }
  .markdown-alert-tip { border-color: var(--green) } .markdown-alert-important { border-color: var(--purple) }
  .contains-task-list { list-style: none; padding-left: 16px } .sr-only { position: absolute; clip-path: inset(50%) }
`)

export interface Layout {
  title: string
  content: Html
  /** `owner/name`; missing on the pages of no repository. */
  repository?: string
  viewer?: Viewer | undefined
  /** Why what was asked for was not done. */
  refusal?: string | undefined
}

export function layout({ repository, title, content, viewer, refusal }: Layout): Html {
  const at = `/${repository}`
  const whole = repository === undefined ? title : `${title} · ${repository}`
  const sections = ['Pull requests', 'Issues', 'Actions', 'Releases', 'Tags', 'Deployments']
  const links = sections.map(
    (name) => html`<a href="${at}/${name === 'Pull requests' ? 'pulls' : name.toLowerCase()}">${name}</a>`,
  )
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${whole}</title><style>${STYLE}</style>${
    content.text.includes('language-mermaid') && new Html('<script src="/_pages/diagrams.js" defer></script>')
  }</head>
<body>
<header>${repository !== undefined && html`<a href="${at}"><b>${repository}</b></a> &nbsp; <nav style="display: inline">${links}</nav>`}${viewer && html`<a class="who" href="/login">${viewer.by.kind === 'user' ? viewer.by.login : 'Sign in'}</a>`}</header>
<main>${refusal !== undefined && html`<p class="refusal" role="alert">${refusal}</p>`}${content}</main>
</body>
</html>
`
}

const MARKS: Record<string, string> = {
  success: '✅',
  failure: '❌',
  cancelled: '⛔',
  skipped: '⏭️',
  neutral: '⬜',
  waiting: '⏸️',
  in_progress: '🟡',
}

/** A mark for a status, or for the conclusion once there is one. */
export function mark(status: string, conclusion: string | null): string {
  return MARKS[conclusion ?? status] ?? '🕓'
}

/** One thing that somebody wrote, under a line that says who and when. */
export function box(head: Html, body: Html): Html {
  return html`<section class="box"><header>${head}</header><div>${body}</div></section>`
}
