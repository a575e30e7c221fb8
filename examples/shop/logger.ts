import pino from 'pino';

/** Calls of the logger, by level. The demo compares them with the counts in Slack. */
export const logged: Record<string, number> = {};

export const logger = pino({
  level: 'info',
  hooks: {
    logMethod(args, method, level) {
      const label = pino.levels.labels[level] ?? String(level);
      logged[label] = (logged[label] ?? 0) + 1;
      method.apply(this, args);
    },
  },
});
