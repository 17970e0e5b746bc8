// Dead letters, grouped by what went wrong, and what can be done about them.

import * as api from './api.js';
import { confirm } from './dialog.js';
import { button, el, enable, fill, reconcile, text, toast } from './dom.js';
import { between, number, plural, simpleName, words } from './format.js';
import { letterElement } from './letter.js';

const REASONS = ['FAILURE', 'TIMEOUT', 'PANIC', 'CIRCUIT_OPEN', 'REJECTED', 'UNDELIVERABLE', 'OVERFLOW', 'QUARANTINED', 'SEQUENCED'];
const PAGE = 20;
const NO_FINGERPRINT = 'none';

const filter = { subscription: '', reason: '' };
const groups = new WeakMap();
let rights = {};
let refresh = () => {};
let tools = null;

/** What may be done, as reasons why not, and what to call after something was. */
export function setUp(permissions, onChange) {
  rights = permissions;
  refresh = onChange;
  tools ??= createTools();
  enable(tools.replay, rights.replay);
  enable(tools.discard, rights.discard);
}

/** Reads the groups and shows them. */
export async function showDeadLetters(subscriptionIds) {
  const listing = await api.get('pubsubdeadletters', null, { ...filter, limit: 1 });
  tools.total = listing.total;
  options(tools.subscription, subscriptionIds, filter.subscription);
  enable(tools.replay, rights.replay ?? (listing.total === 0 ? 'There is none.' : null));
  enable(tools.discard, rights.discard ?? (listing.total === 0 ? 'There is none.' : null));
  const holder = document.getElementById('groups');
  if (listing.total === 0) {
    fill(holder, el('p', { class: 'empty' }, isFiltered() ? 'No dead letter matches.' : 'No dead letters. All that was accepted is handled, or waits for it.'));
    return;
  }
  holder.querySelector(':scope > .empty')?.remove();
  reconcile(holder, listing.groups, (group) => group.fingerprint ?? NO_FINGERPRINT, createGroup,
    (element, group) => groups.get(element).update(group));
}

const isFiltered = () => Boolean(filter.subscription || filter.reason);

function createTools() {
  const select = (label, name, choices) => {
    const element = el('select', {
      name, on: { change: (event) => { filter[name] = event.target.value; refresh(); } },
    }, el('option', { value: '' }, 'any'), choices.map((choice) => el('option', { value: choice }, words(choice))));
    return [element, el('label', {}, `${label} `, element)];
  };
  const [subscription, subscriptionLabel] = select('Subscription', 'subscription', []);
  const [, reasonLabel] = select('Reason', 'reason', REASONS);
  const replay = button('Replay all…', null, () => replayMany({ ...filter }, describeFilter()), { id: 'replay-all' });
  const discard = button('Discard all…', null, () => discardMany({ ...filter }, describeFilter()), { id: 'discard-all', class: 'quiet' });
  fill(document.getElementById('dead-tools'), subscriptionLabel, reasonLabel, replay, discard);
  return { subscription, replay, discard, total: 0 };
}

function options(select, ids, chosen) {
  const now = [...select.options].slice(1).map((option) => option.value);
  if (now.join('\n') !== ids.join('\n')) {
    fill(select, el('option', { value: '' }, 'any'), ids.map((id) => el('option', { value: id }, id)));
    select.value = chosen;
  }
}

function describeFilter() {
  const parts = [filter.subscription && `of ${filter.subscription}`, filter.reason && `for ${words(filter.reason)}`];
  return parts.filter(Boolean).join(' ');
}

// ---- one group

function createGroup(group) {
  const view = new GroupView(group);
  groups.set(view.element, view);
  return view.element;
}

class GroupView {
  constructor(group) {
    this.query = { fingerprint: group.fingerprint ?? NO_FINGERPRINT };
    this.offset = 0;
    this.selected = new Set();
    this.version = '';
    this.count = el('span', { class: 'count' });
    this.name = el('strong', {}, simpleName(group.exceptionType) ?? 'Without an exception');
    this.about = el('span', { class: 'muted' });
    this.when = el('span', { class: 'muted when' });
    this.letters = el('ol', { class: 'letters' });
    this.range = el('span', { class: 'muted' });
    this.previous = button('Previous', null, () => this.turn(-PAGE), { class: 'quiet' });
    this.next = button('Next', null, () => this.turn(PAGE), { class: 'quiet' });
    this.all = el('input', { type: 'checkbox', on: { change: () => this.selectPage(this.all.checked) } });
    this.replaySelected = button('Replay selected…', rights.replay, () => this.replay());
    this.discardSelected = button('Discard selected…', rights.discard, () => this.discard(), { class: 'quiet' });
    this.replayGroup = button('Replay group…', rights.replay, () => replayMany(this.filters(), this.label()));
    this.discardGroup = button('Discard group…', rights.discard, () => discardMany(this.filters(), this.label()), { class: 'quiet' });
    this.element = el('details', { class: 'group', on: { toggle: () => this.load() } },
      el('summary', {}, this.count, el('span', { class: 'what' }, this.name, this.about), this.when),
      el('p', { class: 'type' }, group.exceptionType, ' ', group.fingerprint && el('code', { title: 'fingerprint' }, group.fingerprint)),
      el('div', { class: 'tools' }, el('label', {}, this.all, ' this page'), this.replaySelected, this.discardSelected,
        el('span', { class: 'gap' }), this.replayGroup, this.discardGroup),
      this.letters,
      el('div', { class: 'tools pages' }, this.previous, this.range, this.next));
  }

  filters() {
    return { ...filter, ...this.query };
  }

  label() {
    return `${this.name.textContent === 'Without an exception' ? 'without an exception' : `with ${this.name.textContent}`} ${describeFilter()}`.trim();
  }

  update(group) {
    this.total = group.count;
    text(this.count, number(group.count));
    text(this.about, ` ${group.subscriptions.join(', ')} · ${group.reasons.map(words).join(', ')}`);
    text(this.when, between(group.first, group.last));
    const version = JSON.stringify([group.count, group.first, group.last, filter]);
    if (version !== this.version) {
      this.version = version;
      this.load();
    }
  }

  turn(by) {
    this.offset = Math.max(0, this.offset + by);
    this.load();
  }

  async load() {
    if (!this.element.open) {
      return;
    }
    try {
      let page = await api.get('pubsubdeadletters', null, { ...this.filters(), limit: PAGE, offset: this.offset });
      if (page.deadLetters.length === 0 && this.offset > 0) {
        this.offset = Math.max(0, Math.floor((page.total - 1) / PAGE) * PAGE);
        page = await api.get('pubsubdeadletters', null, { ...this.filters(), limit: PAGE, offset: this.offset });
      }
      this.show(page);
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  show(page) {
    const here = page.deadLetters;
    const ids = new Set(here.map((letter) => letter.id));
    this.selected = new Set([...this.selected].filter((id) => ids.has(id)));
    reconcile(this.letters, here, (letter) => `${letter.id}/${letter.replays}`, (letter) => letterElement(letter, rights, {
      selected: this.selected.has(letter.id),
      select: (on) => this.select(letter.id, on),
      replay: () => replayOnes([letter.id]),
      discard: () => discardOnes([letter.id]),
    }), () => {});
    text(this.range, `${number(this.offset + 1)}–${number(this.offset + here.length)} of ${number(page.total)}`);
    this.previous.disabled = this.offset === 0;
    this.next.disabled = this.offset + here.length >= page.total;
    this.element.querySelector('.pages').hidden = page.total <= PAGE;
    this.showSelection();
  }

  select(id, on) {
    if (on) {
      this.selected.add(id);
    } else {
      this.selected.delete(id);
    }
    this.showSelection();
  }

  selectPage(on) {
    this.letters.querySelectorAll('input[type=checkbox]').forEach((box) => {
      if (box.checked !== on) {
        box.click();
      }
    });
  }

  showSelection() {
    const count = this.selected.size;
    const none = count === 0 ? 'Nothing is selected.' : null;
    enable(this.replaySelected, rights.replay ?? none);
    enable(this.discardSelected, rights.discard ?? none);
    this.all.checked = count > 0 && count === this.letters.children.length;
    this.all.indeterminate = count > 0 && !this.all.checked;
  }

  replay() {
    replayOnes([...this.selected]);
  }

  discard() {
    discardOnes([...this.selected]);
  }
}

// ---- what can be done

const REPLAYED = 'Each is given again to the subscription that failed, and to no other; its attempts begin at 1.'
  + ' One that fails again comes back here, with one more replay. One without room stays.';
const DISCARDED = 'They are deleted for good. This cannot be undone.';

function replayOnes(ids) {
  confirm({
    title: `Replay ${plural(ids.length, 'dead letter')}?`,
    lines: [REPLAYED],
    label: 'Replay',
    action: () => each(ids, (id) => api.post('pubsubdeadletters', id), 'replayed'),
  });
}

function discardOnes(ids) {
  confirm({
    title: `Discard ${plural(ids.length, 'dead letter')}?`,
    lines: [DISCARDED],
    label: 'Discard',
    danger: true,
    action: () => each(ids, (id) => api.remove('pubsubdeadletters', id), 'discarded'),
  });
}

async function each(ids, action, done) {
  const problems = [];
  for (const id of ids) {
    try {
      await action(id);
    } catch (problem) {
      problems.push(problem.message);
    }
  }
  refresh();
  if (problems.length === ids.length) {
    throw new Error(problems[0]);
  }
  toast(`${number(ids.length - problems.length)} ${done}.`);
  problems.slice(0, 3).forEach((problem) => toast(problem, true));
}

async function replayMany(filters, label) {
  const body = bulk(filters);
  try {
    const { matched } = await api.post('pubsubdeadletters', null, { ...body, dryRun: true });
    const rate = el('input', { type: 'number', min: '0.1', step: 'any', inputmode: 'decimal', id: 'replay-rate', placeholder: 'as fast as there is room' });
    confirm({
      title: `Replay ${plural(matched, 'dead letter')} ${label}`.trim() + '?',
      lines: [REPLAYED, 'It runs in the background, oldest first, and can be stopped.'],
      fields: [el('label', { class: 'field' }, 'Messages a second', rate)],
      label: 'Replay',
      action: async () => {
        const started = await api.post('pubsubdeadletters', null, rate.value ? { ...body, rate: rate.value } : body);
        toast(`${started.replayId} has begun: ${plural(started.matched, 'dead letter')}.`);
        refresh(started.replayId);
      },
    });
  } catch (problem) {
    toast(problem.message, true);
  }
}

function discardMany(filters, label) {
  confirm({
    title: `Discard all dead letters ${label}`.trim() + '?',
    lines: ['Whatever matches when you confirm is deleted for good, those that have come in meanwhile too. This cannot be undone.'],
    label: 'Discard',
    danger: true,
    action: async () => {
      const { discarded } = await api.remove('pubsubdeadletters', null, bulk(filters));
      toast(`${plural(discarded, 'dead letter')} discarded.`);
      refresh();
    },
  });
}

/** The filters that are set; without any, all must be meant. */
function bulk(filters) {
  const set = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  return Object.keys(set).length ? set : { all: true };
}
