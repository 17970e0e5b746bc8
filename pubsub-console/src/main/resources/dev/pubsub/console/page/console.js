// The page: reads the endpoints again and again, and hands what they say to those who show it.

import * as api from './api.js';
import { el, fill, text, toast } from './dom.js';
import { clock, digits, number, words } from './format.js';
import { setUp, showDeadLetters } from './deadletters.js';
import { setUpJourney } from './journey.js';
import { isAnyRunning, noteStarted, showReplays } from './replays.js';
import { showSubscriptions } from './subscriptions.js';

const EVERY_MILLIS = 2_000;
const REPLAYING_MILLIS = 500;
const GROUPS_MILLIS = 6_000;

const rights = { pause: null, replay: null, discard: null, stop: null };
let timer = null;
let busy = false;
let again = false;
let last = null;
let groupsRead = { at: 0, size: -1 };

async function round() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  clearTimeout(timer);
  try {
    const engine = await api.get('pubsub');
    showEngine(engine);
    showSubscriptions(engine.subscriptions, rights, refresh);
    await showDead(engine);
    live(`live · ${clock(new Date())}`, 'good');
  } catch (problem) {
    live(problem.message, 'bad');
  } finally {
    busy = false;
    const wait = again ? 0 : isAnyRunning() ? REPLAYING_MILLIS : EVERY_MILLIS;
    again = false;
    timer = document.hidden ? null : setTimeout(round, wait);
  }
}

async function showDead(engine) {
  const size = engine.deadLetters.size;
  const count = document.getElementById('dead-count');
  count.hidden = size === 0;
  text(count, number(size));
  if (api.isExposed('pubsubreplays')) {
    await showReplays(rights.stop);
  }
  const due = size !== groupsRead.size || Date.now() - groupsRead.at > GROUPS_MILLIS;
  if (due && api.isExposed('pubsubdeadletters')) {
    await showDeadLetters(engine.subscriptions.map((one) => one.id));
    groupsRead = { at: Date.now(), size };
  }
}

/** After something was done: everything is read anew, at once. */
function refresh(startedReplay) {
  if (startedReplay) {
    noteStarted(startedReplay);
  }
  groupsRead = { at: 0, size: -1 };
  round();
}

function live(message, tone) {
  const element = document.getElementById('live');
  text(element, message);
  element.className = `live ${tone}`;
}

function showEngine(engine) {
  const now = { at: performance.now(), accepted: engine.publisher.accepted };
  const rate = last === null ? null : ((now.accepted - last.accepted) * 1_000) / (now.at - last.at);
  last = now;
  const tile = (name, value, tone = '', more = null) =>
    el('div', { class: `tile ${tone}` }, el('dt', {}, name), el('dd', {}, value, more && el('small', {}, more)));
  fill(document.getElementById('engine'),
    tile('Engine', words(engine.state), engine.state === 'RUNNING' ? 'good' : 'bad', engine.transport),
    tile('Ledger', words(engine.ledger), engine.ledger === 'BALANCED' ? 'good' : 'bad'),
    tile('Published', number(engine.publisher.accepted), '', rate === null ? null : `${digits(rate)}/s`),
    tile('Refused', number(engine.publisher.rejected), engine.publisher.rejected > 0 ? 'warn' : ''),
    tile('In flight', `${number(engine.publisher.inFlight)}`, '', `of ${number(engine.publisher.limit)}`),
    tile('Dead letters', number(engine.deadLetters.size), engine.deadLetters.size > 0 ? 'warn' : ''));
}

/** Why a method may not be used, or null; a server that does not tell is asked when it comes to it. */
function forbidden(allow, method, endpoint) {
  return allow === null || allow.includes(method)
    ? null : `Read-only: the endpoint ${endpoint} permits ${allow.join(', ')} (management.endpoint.${endpoint}.access)`;
}

async function readRights() {
  const [subscriptions, letters, replays] = await Promise.all([
    api.allowed('pubsub', 'any'), api.allowed('pubsubdeadletters'), api.allowed('pubsubreplays', 'any')]);
  rights.pause = forbidden(subscriptions, 'POST', 'pubsub');
  rights.replay = forbidden(letters, 'POST', 'pubsubdeadletters');
  rights.discard = forbidden(letters, 'DELETE', 'pubsubdeadletters');
  rights.stop = forbidden(replays, 'DELETE', 'pubsubreplays');
}

function showNotices() {
  const reasons = [...new Set(Object.values(rights).filter(Boolean))];
  const missing = ['pubsub', 'pubsubdeadletters', 'pubsubreplays'].filter((endpoint) => !api.isExposed(endpoint));
  fill(document.getElementById('notices'),
    reasons.map((reason) => el('p', { class: 'notice' }, reason)),
    missing.length === 0 ? null : el('p', { class: 'notice' },
      `Not exposed, and so not shown: ${missing.join(', ')}. Add them to management.endpoints.web.exposure.include.`));
  document.getElementById('deadletters').hidden = !api.isExposed('pubsubdeadletters');
}

async function begin() {
  const application = document.querySelector('meta[name="pubsub-application"]').content;
  text(document.getElementById('application'), application);
  document.title = application ? `${application} · PubSub console` : 'PubSub console';
  await readRights();
  showNotices();
  setUp(rights, refresh);
  setUpJourney();
  document.addEventListener('visibilitychange', () => document.hidden || round());
  await round();
}

begin().catch((problem) => toast(problem.message, true));
