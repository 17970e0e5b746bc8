// Where one message went, as far as the engine still knows it.

import * as api from './api.js';
import { el, fill } from './dom.js';
import { duration, moment, number, plural, simpleName, words } from './format.js';

const tones = {
  COMPLETED: 'good', SUCCESS: 'good', accepted: '', FILTERED: '', PENDING: 'warn', DEAD_LETTERED: 'bad', DISCARDED: 'warn',
};

export function setUpJourney() {
  document.getElementById('journey-form').addEventListener('submit', (event) => {
    event.preventDefault();
    findMessage(document.getElementById('journey-id').value.trim());
  });
  const latest = document.getElementById('journey-latest');
  latest.hidden = !api.isExposed('pubsubmessages');
  latest.addEventListener('click', showLatest);
}

/** Lists the messages that came in last; each leads to its way. */
async function showLatest() {
  await show(async () => {
    const { messages } = await api.get('pubsubmessages', null, { limit: 10 });
    return messages.length === 0 ? el('p', { class: 'empty' }, 'No message is remembered yet.') : el('ul', { class: 'latest' },
      messages.map((message) => el('li', {},
        el('button', { type: 'button', class: 'quiet mono', on: { click: () => findMessage(message.id) } }, message.id),
        el('span', { class: 'mono' }, message.topic),
        el('span', { class: 'pills' }, message.subscriptions.map((one) =>
          el('span', { class: `pill ${tones[one.state] ?? ''}` }, `${one.id}: ${words(one.state)}`))))));
  });
}

/** Shows the way of that message, and takes the reader there. */
export async function findMessage(id) {
  document.getElementById('journey-id').value = id;
  document.getElementById('journey').scrollIntoView({ block: 'start' });
  await show(async () => journey(await api.get('pubsubmessages', id)));
}

async function show(read) {
  const result = document.getElementById('journey-result');
  try {
    fill(result, await read());
  } catch (problem) {
    fill(result, el('p', { class: 'empty' }, problem.message));
  }
}

function journey(message) {
  const { refused, subscriptions } = message;
  return el('article', { class: 'card way' },
    el('header', {}, el('h3', { class: 'mono' }, message.id)),
    el('ul', { class: 'trail' },
      step('accepted', message.acceptedAt ? `Accepted ${moment(message.acceptedAt)}` : `Published ${moment(message.createdAt)}`,
        `on ${message.topic}`, message.key && `key ${message.key}`),
      refused && step('DEAD_LETTERED', `Refused ${moment(refused.at)}`, simpleName(refused.exceptionType)),
      subscriptions.length === 0 && !refused ? step('FILTERED', 'No subscription took it') : null),
    el('div', { class: 'copies' }, subscriptions.map(copy)),
    message.moreSubscriptions ? el('p', { class: 'muted' }, `and ${plural(message.moreSubscriptions, 'subscription')} more`) : null);
}

/** One subscription's copy: its attempts, and what became of it. */
function copy(one) {
  return el('section', {},
    el('h4', {}, one.id),
    el('ul', { class: 'trail' },
      one.earlierAttempts ? step('accepted', plural(one.earlierAttempts, 'earlier attempt')) : null,
      one.attempts.map((attempt) => step(attempt.result === 'SUCCESS' ? 'SUCCESS' : 'DEAD_LETTERED',
        `Attempt ${number(attempt.attempt)}: ${words(attempt.result)}`,
        simpleName(attempt.exceptionType), duration(attempt.durationMillis), moment(attempt.endedAt))),
      step(one.state, sentence(words(one.state)),
        one.reason && words(one.reason),
        one.settledAt && moment(one.settledAt),
        one.state === 'FILTERED' && one.condition && `by ${one.condition}`,
        one.replays > 0 && `replayed ${number(one.replays)}×`)));
}

/** A line of the trail; of what is told beside it, that which is there. */
function step(state, what, ...more) {
  return el('li', { class: tones[state] ?? '' }, el('b', {}, what), ' ', el('span', { class: 'muted' }, more.filter(Boolean).join(' · ')));
}

const sentence = (said) => said.charAt(0).toUpperCase() + said.substring(1);
