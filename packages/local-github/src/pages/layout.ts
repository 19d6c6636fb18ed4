import { type Html, html } from './html.ts'

const STYLE = `
  body { font: 14px/1.5 -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; color: #1f2328; margin: 0 }
  header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 12px 24px; font-size: 16px }
  main { max-width: 1012px; margin: 24px auto; padding: 0 24px }
  a { color: #0969da; text-decoration: none } a:hover { text-decoration: underline }
  h1 { font-weight: 400; font-size: 28px } h2 { font-size: 18px; border-bottom: 1px solid #d1d9e0; padding-bottom: 6px }
  nav a { margin-right: 16px }
  .box { border: 1px solid #d1d9e0; border-radius: 6px; margin: 16px 0; overflow: hidden }
  .box > header { font-size: 13px; padding: 8px 16px; color: #59636e } .box > div { padding: 12px 16px }
  .muted { color: #59636e }
  .state { border-radius: 2em; color: #fff; padding: 3px 12px; font-weight: 600; background: #59636e }
  .state.open, .state.success { background: #1f883d } .state.merged { background: #8250df }
  .state.closed, .state.failure { background: #cf222e } .state.waiting, .state.in_progress { background: #9a6700 }
  .list { list-style: none; padding: 0; margin: 0 } .list > li { padding: 6px 0; border-top: 1px solid #eff2f5 }
  table { border-collapse: collapse; margin: 12px 0 } th, td { border: 1px solid #d1d9e0; padding: 5px 12px }
  .markdown tr:nth-child(2n) { background: #f6f8fa }
  code, pre { font: 12px ui-monospace, Menlo, Consolas, monospace; background: #f3f4f6; border-radius: 6px }
  code { padding: .2em .4em } pre { padding: 12px; overflow: auto } pre code { padding: 0 }
  blockquote { border-left: .25em solid #d1d9e0; color: #59636e; margin: 0; padding: 0 1em }
  img { max-width: 100% }
`

export function layout(repository: string, title: string, content: Html): Html {
  const at = `/${repository}`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · ${repository}</title><style>${STYLE}</style></head>
<body>
<header><a href="${at}"><b>${repository}</b></a> &nbsp; <nav style="display: inline"><a href="${at}/pulls">Pull requests</a><a href="${at}/actions">Actions</a><a href="${at}/releases">Releases</a><a href="${at}/deployments">Deployments</a></nav></header>
<main>${content}</main>
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
