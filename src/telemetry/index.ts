/** What the exporter reports about itself: warnings, counts, metrics. Other rooms import this face only. */

export { createDiagnostics, type Diagnostics, OWN_NAMESPACE } from './diagnostics.js';
export { componentAttributes, createMetrics } from './guarded-meter.js';
export { addCounts, type Counts, type DropReason, Ledger, NO_COUNTS, type SlackExporterStats } from './ledger.js';
export { callInternal, isInternal, runInternal } from './loop-guard.js';
export { type Accounts, createExporterMetrics, type ExporterMetrics, type Operation } from './metrics.js';
