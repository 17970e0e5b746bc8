// One card for each subscription: what it does, why it waits, how fast it is.

import * as api from './api.js';
import { Chart } from './charts.js';
import { confirm } from './dialog.js';
import { button, el, enable, fill, reconcile, text, toast } from './dom.js';
import { brief, digits, duration, number, plural, words } from './format.js';

const causes = {
  'circuit-breaker': 'Paused by its circuit breaker',
  manual: 'Paused by hand',
  quarantine: 'Quarantined: too many handlers ignore their interrupt',
};
const breakers = { CLOSED: 'good', OPEN: 'bad', HALF_OPEN: 'warn', FORCED_OPEN: 'bad' };
const states = { RUNNING: 'good', PAUSED: 'warn', QUARANTINED: 'bad', STOPPED: '' };
const cards = new WeakMap();

/** Shows what the endpoint `pubsub` says of them. `rights.pause` is why they cannot be paused, or null. */
export function showSubscriptions(subscriptions, rights, refresh) {
  const holder = document.getElementById('cards');
  if (subscriptions.length === 0) {
    fill(holder, el('p', { class: 'empty' }, 'There are no subscriptions.'));
    return;
  }
  holder.querySelector(':scope > .empty')?.remove();
  reconcile(holder, subscriptions, (one) => one.id, create, (card, one) => cards.get(card).update(one, rights, refresh));
}

function create(subscription) {
  const card = new Card(subscription.id);
  cards.set(card.element, card);
  return card.element;
}

class Card {
  constructor(id) {
    this.id = id;
    this.last = null;
    this.failing = false; // a line for failures only where there are any
    this.figures = new Map();
    const title = `subscription-${id}`;
    this.state = el('span', { class: 'pill' });
    this.breaker = el('span', { class: 'pill', hidden: true });
    this.topics = el('p', { class: 'topics' });
    this.why = el('p', { class: 'why', hidden: true });
    this.bar = el('div', { class: 'meter', role: 'img' }, ['active', 'queued', 'parked'].map((part) => el('i', { class: part })));
    this.room = el('span');
    this.toggle = button('Pause', null, () => this.change());
    this.doneNow = el('span', {}, 'done');
    this.failedNow = el('span', {}, 'failed');
    this.latencyNow = el('span', { title: 'From acceptance to settlement: the mean since the last reading, and the longest' }, 'took');
    const rates = el('div', { class: 'plot' });
    const latencies = el('div', { class: 'plot' });
    this.element = el('article', { class: 'card', 'aria-labelledby': title, data: { subscription: id } },
      el('header', {}, el('h3', { id: title }, id), el('span', { class: 'pills' }, this.breaker, this.state)),
      this.topics,
      this.why,
      el('div', { class: 'room' }, this.bar, this.room, this.toggle),
      el('dl', { class: 'figures' },
        ['Queued', 'Active', 'Parked', 'Oldest', 'Completed', 'Dead', 'Retries', 'Timeouts'].map((name) => this.figure(name))),
      el('div', { class: 'plots' },
        el('figure', {}, el('figcaption', {}, el('span', { class: 'key done' }), this.doneNow, el('span', { class: 'key failed' }), this.failedNow), rates),
        el('figure', {}, el('figcaption', {}, el('span', { class: 'key latency' }), this.latencyNow), latencies)));
    this.rates = new Chart(rates, [{ label: 'failed a second', variable: '--failed' }, { label: 'done a second', variable: '--done' }]);
    this.latencies = new Chart(latencies, [{ label: 'mean latency in ms', variable: '--latency' }], true);
  }

  figure(name) {
    const value = el('dd', {}, '–');
    this.figures.set(name, value);
    return el('div', {}, el('dt', {}, name), value);
  }

  update(now, rights, refresh) {
    this.refresh = refresh;
    this.now = now;
    text(this.state, words(now.state));
    this.state.className = `pill ${states[now.state] ?? ''}`;
    this.breaker.hidden = now.circuitBreaker === 'NONE';
    text(this.breaker, `breaker ${words(now.circuitBreaker)}`);
    this.breaker.title = `tripped ${plural(now.breakerTrips, 'time')}`;
    this.breaker.className = `pill ${breakers[now.circuitBreaker] ?? ''}`;
    text(this.topics, now.topics.join(', '));
    this.why.hidden = now.pausedBy === null;
    text(this.why, now.pausedBy === null ? '' : `${causes[now.pausedBy] ?? now.pausedBy} for ${duration(now.pausedMillis)}`);
    this.showRoom(now);
    this.showFigures(now);
    this.showCharts(now);
    text(this.toggle, isRunning(now) ? 'Pause' : 'Resume');
    this.toggle.className = isRunning(now) ? '' : 'primary';
    this.toggle.setAttribute('aria-label', `${isRunning(now) ? 'Pause' : 'Resume'} ${now.id}`);
    enable(this.toggle, rights.pause);
  }

  showRoom(now) {
    ['active', 'queued', 'parked'].forEach((part, i) => {
      this.bar.children[i].style.width = `${Math.min(100, (100 * now[part]) / now.places)}%`;
    });
    const used = now.queued + now.active + now.parked;
    this.bar.classList.toggle('full', used >= now.places);
    this.bar.setAttribute('aria-label', `${used} of ${now.places} places taken`);
    text(this.room, `${number(used)} / ${number(now.places)}`);
  }

  showFigures(now) {
    const set = (name, value, bad = false) => {
      const element = this.figures.get(name);
      text(element, value);
      element.classList.toggle('bad', bad);
    };
    set('Queued', number(now.queued));
    set('Active', `${number(now.active)} / ${number(now.concurrency)}`);
    set('Parked', number(now.parked));
    set('Oldest', now.oldestAgeMillis ? brief(now.oldestAgeMillis) : '–', now.oldestAgeMillis > 60_000);
    set('Completed', number(now.completed));
    set('Dead', number(now.deadLettered), now.deadLettered > 0);
    set('Retries', number(now.retries));
    set('Timeouts', number(now.timeouts), now.timeouts > 0);
  }

  /** Rates are differences between two readings of totals; the first reading has none. */
  showCharts(now) {
    const at = performance.now();
    const before = this.last;
    this.last = { now, at };
    if (before === null || now.accepted < before.now.accepted) {
      return;
    }
    const seconds = (at - before.at) / 1_000;
    const done = (now.completed - before.now.completed) / seconds;
    const failed = (attemptsFailed(now) - attemptsFailed(before.now)) / seconds;
    const settled = settledBy(now) - settledBy(before.now);
    const latency = settled > 0 ? (now.latencyTotalMillis - before.now.latencyTotalMillis) / settled : null;
    this.rates.add(Date.now() / 1_000, failed > 0 || this.failing ? failed : null, done);
    this.failing = failed > 0;
    this.latencies.add(Date.now() / 1_000, latency);
    text(this.doneNow, `done ${digits(done)}/s`);
    text(this.failedNow, `failed ${digits(failed)}/s`);
    this.failedNow.classList.toggle('bad', failed > 0);
    text(this.latencyNow, `took ${latency === null ? '–' : duration(latency)}, max ${duration(now.latencyMaxMillis)}`);
  }

  change() {
    const pause = isRunning(this.now);
    const waiting = this.now.queued + this.now.parked;
    confirm({
      title: pause ? `Pause ${this.id}?` : `Resume ${this.id}?`,
      lines: pause
        ? ['No further attempt begins; those that run go on.',
          `Messages are still accepted, and wait: there is room for ${number(this.now.places - waiting - this.now.active)} more.`
          + ' After that its publishers wait or are refused, or it sheds its own copies, as when-full says.']
        : [`Attempts begin again; ${plural(waiting, 'copy waits', 'copies wait')}.`],
      label: pause ? 'Pause' : 'Resume',
      action: async () => {
        await api.post('pubsub', this.id, { state: pause ? 'PAUSED' : 'RUNNING' });
        toast(`${this.id} is ${pause ? 'paused' : 'resumed'}.`);
        this.refresh();
      },
    });
  }
}

/** Whether pausing by hand is what there is to do: also while only its breaker holds it. */
function isRunning(subscription) {
  return subscription.state === 'RUNNING' || subscription.pausedBy === 'circuit-breaker';
}

const attemptsFailed = (one) => one.failures + one.timeouts + one.panics;
const settledBy = (one) => one.completed + one.deadLettered + one.discarded;
