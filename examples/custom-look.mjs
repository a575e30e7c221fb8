// Messages with your own look. `render` gets the groups that a message shows, and the standard message.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor, inlineCode } from 'opentelemetry-exporter-slack';

/** One line for each problem, then a button that opens the runbook. A long digest passes only its worst groups to `render`. */
function render(groups, standard, { problems, records }) {
  const lines = groups.map(({ count, sample }) => {
    // A record's text can contain <!channel>. inlineCode and escapeMrkdwn make it harmless.
    const queue = sample.attributes.get('queue') ?? 'no queue';
    return `*${count}×* ${inlineCode(sample.message, 200)} in ${inlineCode(queue, 50)}`;
  });
  if (problems > groups.length) lines.push(`${problems} problems, ${records} records in all`);
  const button = {
    type: 'button',
    text: { type: 'plain_text', text: 'Open the runbook' },
    url: 'https://runbooks.example.org/queues',
  };
  return {
    text: standard.text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } },
      { type: 'actions', elements: [button] },
    ],
  };
}

const provider = new LoggerProvider({ processors: [createSlackLogRecordProcessor({ render })] });
const logger = provider.getLogger('worker');

for (let attempt = 0; attempt < 3; attempt++) {
  logger.emit({ severityNumber: 17, body: 'job failed, <!channel>', attributes: { queue: 'thumbnails' } });
}

await provider.shutdown();
