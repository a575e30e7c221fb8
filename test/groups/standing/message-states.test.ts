import { deepEqual } from 'node:assert/strict';
import { MESSAGE_STATES, type MessageEvent, type MessageState } from '../../../src/groups/standing/message-states.js';

/** Returns the states of a message after each of these events. */
function course(...events: readonly MessageEvent[]): readonly MessageState[] {
  let state: MessageState = 'normal';
  return events.map((event) => {
    state = MESSAGE_STATES[state][event];
    return state;
  });
}

describe('the states of a message', () => {
  it('A1: a message that fails while others pass is sent again, then as plain text, then without its text', () => {
    deepEqual(course('doubted', 'blamed', 'blamed', 'blamed'), ['suspect', 'plain', 'minimal', 'minimal']);
  });

  it('A1: a message that is refused is sent as plain text, and then without its text', () => {
    deepEqual(course('refused', 'refused', 'refused'), ['plain', 'minimal', 'minimal']);
  });

  it('a failure that nobody can explain reduces no message', () => {
    deepEqual(course('doubted', 'doubted', 'doubted'), ['suspect', 'suspect', 'suspect']);
  });

  it('a message that failed often, with no other to compare, tries each form, and then everything again', () => {
    deepEqual(course('doubted', 'exhausted', 'exhausted', 'exhausted'), ['suspect', 'plain', 'minimal', 'suspect']);
  });

  it('a message that passed keeps the form in which it passed', () => {
    const passedFrom = (state: MessageState): MessageState => MESSAGE_STATES[state].passed;
    deepEqual(
      [passedFrom('normal'), passedFrom('suspect'), passedFrom('plain'), passedFrom('minimal')],
      ['normal', 'normal', 'plain', 'minimal'],
    );
  });
});
