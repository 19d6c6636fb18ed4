import { type Html, html } from './html.ts'
import type { Viewer } from './viewer.ts'

/** Who somebody is, by their token: as a job may not be taken for a person, knowing a name is not enough. */
export function loginPage(viewer: Viewer | undefined): Html {
  return html`
    <h1>Sign in</h1>
    ${viewer?.by.kind === 'user' && html`<p>You are <b>${viewer.by.login}</b>.</p>`}
    <form method="post" action="/login">
      <label>Token <input name="token" type="password" autocomplete="off" required></label>
      <button class="primary">Sign in</button>
    </form>
    <p class="muted">The one that <code>createUser</code> gave, or that <code>local-github up</code> printed.</p>`
}
