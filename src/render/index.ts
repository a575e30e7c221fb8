/** Pure: a notification becomes a Slack message within all limits. Other rooms import this face only. */

export { type Compose, createCompose } from './compose.js';
export { escapeMrkdwn, inlineCode } from './mrkdwn.js';
