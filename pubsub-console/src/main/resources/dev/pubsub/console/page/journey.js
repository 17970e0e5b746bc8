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
        el('span', { class: 'pills' }, (message.subscriptions ?? []).map((one) =>
          el('span', { class: `pill ${tones[one.state] ?? ''}` }, `${one.id}: ${words(one.state ?? '')}`))))));
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
    fill(result, el('p', { class: 'empty' }, explain(problem)));
  }
}

function explain(problem) {
  if (!api.isExposed('pubsubmessages')) {
    return 'The engine is not asked to remember messages: the endpoint pubsubmessages is not exposed (management.endpoints.web.exposure.include).';
  }
  return problem.status === 404 ? 'The engine does not know this message, or not any more: only the latest are remembered.' : problem.message;
}

function journey(message) {
  const copies = message.subscriptions ?? [];
  return el('article', { class: 'card way' },
    el('header', {}, el('h3', { class: 'mono' }, message.id)),
    el('ul', { class: 'trail' },
      step('accepted', message.acceptedAt ? `Accepted ${moment(message.acceptedAt)}` : 'Not accepted',
        `on ${message.topic}${message.key ? `, key ${message.key}` : ''}`),
      message.refused ? step('DEAD_LETTERED', `Refused ${moment(message.refused.at)}`, simpleName(message.refused.exceptionType)) : null,
      copies.length === 0 ? step('FILTERED', 'No subscription took it', '') : null),
    el('div', { class: 'copies' }, copies.map(copy)),
    message.moreSubscriptions ? el('p', { class: 'muted' }, `and ${plural(message.moreSubscriptions, 'subscription')} more`) : null);
}

/** The fields are read as they are there: what one engine does not tell is left out. */
function copy(one) {
  const state = one.state ?? one.settled?.outcome ?? one.outcome ?? 'PENDING';
  const reason = one.reason ?? one.settled?.reason;
  const at = one.settledAt ?? one.settled?.at;
  const attempts = one.attempts ?? [];
  return el('section', {},
    el('h4', {}, one.id),
    el('ul', { class: 'trail' },
      one.earlierAttempts ? step('accepted', plural(one.earlierAttempts, 'earlier attempt'), '') : null,
      attempts.map((attempt) => step(attempt.result === 'SUCCESS' ? 'SUCCESS' : 'DEAD_LETTERED',
        `Attempt ${number(attempt.attempt)}: ${words(attempt.result)}`,
        [simpleName(attempt.exceptionType ?? attempt.errorType),
          duration(attempt.durationMillis ?? attempt.millis),
          attempt.endedAt ?? attempt.at ? moment(attempt.endedAt ?? attempt.at) : null].filter(Boolean).join(' · '))),
      step(state, sentence(words(state)), [reason ? words(reason) : null, at ? moment(at) : null,
        state === 'FILTERED' && one.condition ? `by ${one.condition}` : null,
        one.replays ? `replayed ${number(one.replays)}×` : null].filter(Boolean).join(' · '))));
}

function step(state, what, more) {
  return el('li', { class: tones[state] ?? '' }, el('b', {}, what), ' ', el('span', { class: 'muted' }, more));
}

const sentence = (said) => said.charAt(0).toUpperCase() + said.substring(1);
