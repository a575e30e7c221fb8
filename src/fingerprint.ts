import type { RecordView } from './record.js';
import { severityBand } from './severity.js';

/** How much of a long text decides; its length decides too. */
const DECISIVE_LENGTH = 2_000;

/**
 * A string that is equal for records of the same problem, in every process. For now "the same problem" means equal in
 * everything a person sees but time and place: what normalises texts and stacks comes with grouping.
 */
export function fingerprint(view: RecordView): string {
  const { exception, resource } = view;
  return [
    severityBand(view.severityNumber).name,
    resource.serviceName,
    resource.environment,
    view.scopeName,
    view.eventName,
    exception?.type,
    exception?.message,
    exception?.stack,
    view.message,
  ]
    .map(bounded)
    .join('\u0000');
}

function bounded(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= DECISIVE_LENGTH) return text;
  return `${text.slice(0, DECISIVE_LENGTH)}\u0001${text.length}`;
}
