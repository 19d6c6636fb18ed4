export { type DeploymentPlan, type DeploymentPlanContext, renderDeploymentPlan } from './deployment/deployment-plan.ts'
export { type RollbackPlan, renderRollbackPlan, renderTimeline } from './deployment/rollback-plan.ts'
export { escapeHtml, escapeMarkdown } from './document/escape.ts'
export { formatBytes, formatCount, formatDecimal, formatDuration, formatPercent } from './document/numbers.ts'
export { type RetrainContext, renderDriftCleared, renderRetrainPullRequest } from './drift/retrain.ts'
export { type ChangedRows, renderChangedRows } from './gate/changed-rows.ts'
export { sayCheck, sayData } from './gate/findings.ts'
export { drawInterval } from './pictures/interval-picture.ts'
export { type ModelCardContext, renderModelCard } from './registry/model-card.ts'
export { renderModel, renderModels, renderVersions } from './registry/registry.ts'
export { renderEvents, renderLineage, renderReference } from './registry/registry-history.ts'
export { type ReleaseContext, renderReleasePage } from './registry/release-page.ts'
export { renderDifference } from './registry/version-difference.ts'
export { type Annotation, annotationsOf } from './report/annotations.ts'
export { type Page, renderClaims, renderUnreported } from './report/claims.ts'
export { checkCount } from './report/details.ts'
export { sayFirstRows } from './report/first-rows.ts'
export { renderJsonSummary } from './report/json-summary.ts'
export { renderJUnit } from './report/junit.ts'
export { type Difference, type Replay, renderReplay } from './report/replay.ts'
export { listChangedCommand, replayCommands } from './report/replay-commands.ts'
export {
  type ModelRecords,
  REPORT_BUDGET,
  type RenderedReport,
  type ReportContext,
  renderReport,
} from './report/report.ts'
export { renderStepSummaries, renderStepSummary, renderTerminal } from './step-summary.ts'
