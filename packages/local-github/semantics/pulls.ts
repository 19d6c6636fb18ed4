import type { Rule } from './rule.ts'

const DOCS = 'https://docs.github.com/en/rest/pulls'
const GUIDE = 'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests'
const test = 'pulls.test.ts'

export const PULLS: readonly Rule[] = [
  {
    id: 'pulls/no-commits',
    rule: 'A pull request that brings no commits is refused with 422 «No commits between main and x».',
    source: 'https://github.com/piceaTech/node-gitlab-2-github/issues/91',
    test,
    takeOut: { file: 'pulls/open.ts', from: "if (count === '0') throw", to: 'if (count === undefined) throw' },
  },
  {
    id: 'pulls/one-for-branches',
    rule: 'Between the same two branches there is one open pull request; a second is refused with 422 that names the head.',
    source: 'https://github.com/vsoch/pull-request-action/issues/86',
    test,
    takeOut: { file: 'pulls/open.ts', from: 'if (!twin) return', to: 'if (!twin || baseRef) return' },
  },
  {
    id: 'pulls/head-moved',
    rule: 'A merge that names another head than the branch has is refused with 409.',
    source: `${DOCS}/pulls#merge-a-pull-request`,
    test,
    takeOut: { file: 'pulls/merge.ts', from: 'options.sha !== undefined && options.sha !== pull.headSha', to: 'false' },
  },
  {
    id: 'pulls/draft-merge',
    rule: 'A draft is not merged: 405 «Pull Request is still a draft».',
    source: 'https://github.com/alexwlchan/auto_merge_my_pull_requests/issues/1',
    test,
    takeOut: { file: 'pulls/merge.ts', from: 'if (pull.draft) throw', to: 'if (!pull) throw' },
  },
  {
    id: 'pulls/method-switched-off',
    rule: 'A method of merging that the repository does not allow is refused with 405.',
    source: 'https://github.com/akuity/kargo/pull/6490',
    test,
    takeOut: {
      file: 'pulls/merge.ts',
      from: 'if (!repo.settings[SETTING[options.method]]) throw',
      to: 'if (!repo) throw',
    },
  },
  {
    id: 'pulls/not-mergeable',
    rule: 'What conflicts is not mergeable («dirty»), has no test merge, and is refused with 405.',
    source:
      'https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database#checking-mergeability-of-pull-requests',
    test,
    takeOut: {
      file: 'pulls/facts.ts',
      from: "if (issue.pull.mergeSha === null) return 'dirty'",
      to: "if (issue.pull.mergeSha === null) return 'clean'",
    },
  },
  {
    id: 'pulls/own-approval',
    rule: 'Nobody approves the own pull request: 422 «Can not approve your own pull request».',
    source: 'https://github.com/hubtty/hubtty/issues/33',
    test,
    takeOut: { file: 'pulls/reviews.ts', from: "event === 'APPROVE' && isOwn", to: 'isOwn && !event' },
  },
  {
    id: 'pulls/one-pending',
    rule: 'A person has at most one pending review of a pull request.',
    source: 'https://github.com/github/app/issues/3371',
    test,
    takeOut: { file: 'routes/pulls/reviews.ts', from: 'if (pending) throw', to: 'if (pending && !login) throw' },
  },
  {
    id: 'pulls/reply-while-pending',
    rule: 'Who has a pending review cannot add a comment beside it: 422 about `user_id`.',
    source: 'https://github.com/namanshergill/diohub/issues/18',
    test,
    takeOut: { file: 'routes/pulls/comments.ts', from: '    if (pending) {', to: '    if (pending && !user) {' },
  },
  {
    id: 'pulls/pending-hidden',
    rule: 'A pending review and its comments are seen by their author alone.',
    source: `${GUIDE}/reviewing-changes-in-pull-requests/reviewing-proposed-changes-in-a-pull-request`,
    test,
    takeOut: {
      file: 'pulls/reviews.ts',
      from: "(row.state !== 'PENDING' || row.user === login)",
      to: '(login === undefined || row.id > 0)',
    },
  },
  {
    id: 'pulls/line-outside',
    rule: 'A comment on a line that the diff does not show is refused with 422, and so is a whole review for one such comment.',
    source: 'https://github.com/pingdotgg/t3code/issues/12549',
    test,
    takeOut: {
      file: 'pulls/comments.ts',
      from: "if (!place) return 'line'",
      to: "if (!place) return { ...common, diffHunk: '', original: null, place: null }",
    },
  },
  {
    id: 'pulls/submitted-stays',
    rule: 'A review that was submitted cannot be deleted.',
    source: `${DOCS}/reviews#delete-a-pending-review-for-a-pull-request`,
    test,
    takeOut: {
      file: 'routes/pulls/reviews.ts',
      from: "if (review.state !== 'PENDING') throw refused('Can not delete",
      to: "if (!review) throw refused('Can not delete",
    },
  },
  {
    id: 'pulls/dismissal',
    rule: 'Only an approval or a request for changes can be dismissed, and that once.',
    source: 'https://github.com/mheap/github-action-required-labels/issues/6',
    test,
    takeOut: {
      file: 'routes/pulls/reviews.ts',
      from: "if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')",
      to: 'if (!review)',
    },
  },
  {
    id: 'pulls/review-words',
    rule: 'A review that requests changes or comments needs words, of its own or on a line.',
    source: `${DOCS}/reviews#create-a-review-for-a-pull-request`,
    test,
    takeOut: { file: 'pulls/reviews.ts', from: "body.trim() === '' && comments === 0", to: 'body === undefined' },
  },
  {
    id: 'pulls/request-author',
    rule: 'The author of a pull request cannot be asked to review it.',
    source: 'https://github.com/kerthcet/github-workflow-as-kube/issues/16',
    test,
    takeOut: {
      file: 'routes/pulls/reviewers.ts',
      from: 'if (user?.login === issue.user) throw',
      to: 'if (!issue) throw',
    },
  },
  {
    id: 'pulls/request-stranger',
    rule: 'Only collaborators can be asked for a review; others are refused with 422.',
    source: 'https://github.com/peter-evans/create-pull-request/issues/4138',
    test,
    takeOut: {
      file: 'routes/pulls/reviewers.ts',
      from: "if (!user || roleOf(hub.store, repo, user.login) === 'none') throw",
      to: 'if (!user) throw',
    },
  },
  {
    id: 'pulls/request-answered',
    rule: 'Who has submitted a review is no longer one who was asked for it.',
    source: `${DOCS}/review-requests#get-all-requested-reviewers-for-a-pull-request`,
    test,
    takeOut: {
      file: 'pulls/reviews.ts',
      from: 'issue.pull.reviewers.filter((login) => login !== review.user)',
      to: 'issue.pull.reviewers',
    },
  },
  {
    id: 'pulls/branch-gone',
    rule: 'A pull request is closed when its head branch is deleted, and cannot be opened again without it.',
    source: 'https://github.com/pytorch/pytorch/pull/114423',
    test,
    takeOut: {
      file: 'pulls/lifecycle.ts',
      from: 'if (!headSha) throw',
      to: 'if (!headSha) return undefined as never; if (!repo) throw',
    },
  },
  {
    id: 'pulls/merged-by-push',
    rule: 'A pull request whose commits come to its base by a push is merged.',
    source: `${GUIDE}/incorporating-changes-from-a-pull-request/about-pull-request-merges#indirect-merges`,
    test,
    takeOut: {
      file: 'pulls/lifecycle.ts',
      from: 'if (await isAncestor(repo.gitDir, issue.pull.headSha, after)) {',
      to: 'if (after === issue.repo.toString()) {',
    },
  },
  {
    id: 'pulls/owners-asked',
    rule: 'The owners that CODEOWNERS of the base branch names for what a pull request changes are asked for a review.',
    source:
      'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners',
    test,
    takeOut: { file: 'pulls/reviewers.ts', from: 'if (!owners) return', to: 'if (owners !== null) return' },
  },
  {
    id: 'pulls/owners-draft',
    rule: 'For a draft no owners are asked.',
    source:
      'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners',
    test,
    takeOut: {
      file: 'pulls/reviewers.ts',
      from: "issue.pull.draft || issue.state === 'closed'",
      to: "issue.state === 'closed'",
    },
  },
  {
    id: 'pulls/up-to-date',
    rule: 'A branch that has all of its base already is not updated: 422 «There are no new commits on the base branch.»',
    source: 'https://github.com/nevermined-io/payments/pull/449',
    test,
    takeOut: {
      file: 'routes/pulls/merge.ts',
      from: 'if (await isAncestor(repo.gitDir, baseSha, headSha))',
      to: 'if (!repo)',
    },
  },
  {
    id: 'pulls/head-deleted-by-merge',
    rule: 'Where the repository says so, a merge deletes the head branch, and the pull request stays merged.',
    source:
      'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-the-automatic-deletion-of-branches',
    test,
    takeOut: { file: 'pulls/merge.ts', from: 'if (repo.settings.delete_branch_on_merge)', to: 'if (!repo)' },
  },
  {
    id: 'pulls/squash-of-one',
    rule: 'The squash of one commit has that commit’s title and text; of several, the pull request’s title and all messages.',
    source: `${GUIDE}/incorporating-changes-from-a-pull-request/about-pull-request-merges#merge-message-for-a-squash-merge`,
    test,
    takeOut: { file: 'pulls/messages.ts', from: '${only?.title ?? title} (#${number})', to: '${title} (#${number})' },
  },
  {
    id: 'pulls/outdated-comment',
    rule: 'A comment whose line was changed by a later commit is outdated: it has no line, but the original one.',
    source: `${DOCS}/comments#get-a-review-comment-for-a-pull-request`,
    test,
    takeOut: {
      file: 'pulls/comments.ts',
      from: 'place ? { place, commit: pull.headSha } : { place: null }',
      to: 'place ? { place, commit: pull.headSha } : {}',
    },
  },
  {
    id: 'pulls/conflict-no-run',
    rule: 'While a pull request conflicts with its base, `pull_request` starts no runs; `pull_request_target` does.',
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request',
    test,
    takeOut: {
      file: 'scheduler/pull-events.ts',
      from: "issue.pull.mergeSha !== null || action === 'closed'",
      to: 'repo !== undefined',
    },
  },
  {
    id: 'pulls/target-is-default',
    rule: '`pull_request_target` runs the workflows of the default branch, whatever the base of the pull request is.',
    source:
      'https://github.blog/changelog/2025-11-07-actions-pull_request_target-and-environment-branch-protections-changes',
    test,
    takeOut: {
      file: 'scheduler/pull-events.ts',
      from: 'const ref = `refs/heads/${repo.defaultBranch}`',
      to: 'const ref = `refs/heads/${issue.pull.baseRef}`',
    },
  },
  {
    id: 'pulls/token-opens-none',
    rule: 'GITHUB_TOKEN opens no pull requests unless the repository’s settings allow it: 403.',
    source:
      'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#preventing-github-actions-from-creating-or-approving-pull-requests',
    test,
    takeOut: {
      file: 'pulls/open.ts',
      from: "if (by.kind === 'job') demandAllowed(hub, repo)",
      to: 'if (!hub) demandAllowed(hub, repo)',
    },
  },
]
