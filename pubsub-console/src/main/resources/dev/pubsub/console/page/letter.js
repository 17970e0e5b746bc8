// One dead letter: a line, and all of it below.

import { button, el } from './dom.js';
import { ago, moment, plural, words } from './format.js';
import { findMessage } from './journey.js';

export const MASKED = '******';

/** `actions`: selected, select(on), replay(), discard(). */
export function letterElement(letter, rights, actions) {
  const box = el('input', {
    type: 'checkbox', checked: actions.selected, 'aria-label': `Select ${letter.id}`,
    on: { change: (event) => actions.select(event.target.checked) },
  });
  const message = letter.message;
  return el('li', { class: 'letter', data: { letter: letter.id } },
    box,
    el('details', {},
      el('summary', {},
        el('span', { class: 'mono' }, message.topic),
        el('span', { class: 'says' }, letter.exceptionMessage === MASKED ? '' : letter.exceptionMessage),
        el('span', { class: 'muted' }, plural(letter.attempts, 'attempt'), letter.replays ? `, replayed ${letter.replays}×` : ''),
        el('time', { class: 'muted', datetime: letter.failedAt, title: moment(letter.failedAt) }, ago(letter.failedAt))),
      detail(letter),
      el('div', { class: 'tools' },
        button('Replay…', rights.replay, actions.replay),
        button('Discard…', rights.discard, actions.discard, { class: 'quiet' }),
        button('Its way…', null, () => findMessage(message.id), { class: 'quiet' }))));
}

function detail(letter) {
  const message = letter.message;
  const masked = [message.payload, letter.exceptionMessage, message.key, ...Object.values(message.headers)].some((value) => value === MASKED);
  return el('div', { class: 'detail' },
    el('dl', { class: 'facts' },
      fact('Subscription', letter.subscriptionId),
      fact('Reason', words(letter.reason)),
      fact('Failed', moment(letter.failedAt)),
      fact('Dead letter', letter.id, true),
      fact('Message', message.id, true),
      fact('Topic', message.topic, true),
      message.key === null ? null : fact('Key', message.key, true),
      fact('Published', moment(message.timestamp)),
      letter.exceptionMessage === null ? null : fact('Says', letter.exceptionMessage)),
    Object.keys(message.headers).length === 0 ? null : el('div', {}, el('h4', {}, 'Headers'),
      el('dl', { class: 'facts' }, Object.entries(message.headers).map(([name, value]) => fact(name, value, true)))),
    el('h4', {}, 'Payload ', el('small', { class: 'muted' }, message.payloadType)),
    el('pre', { tabindex: '0' }, pretty(message.payload)),
    letter.stackTrace === null ? null : [el('h4', {}, 'Stack'), el('pre', { tabindex: '0' }, letter.stackTrace)],
    masked ? el('p', { class: 'muted' }, 'Values are masked: management.endpoint.pubsubdeadletters.show-values says who sees them.') : null);
}

function fact(name, value, mono = false) {
  return el('div', {}, el('dt', {}, name), el('dd', mono ? { class: 'mono' } : {}, value));
}

/** JSON with indentation, if it is whole; anything else as it is. */
function pretty(payload) {
  if (!/^\s*[{[]/.test(payload ?? '')) {
    return payload;
  }
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
