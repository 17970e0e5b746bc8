// Replays of many that run, or have just ended, with a bar each.

import * as api from './api.js';
import { button, el, enable, reconcile, text, toast } from './dom.js';
import { number, words } from './format.js';

const REMEMBERED_MILLIS = 20_000;
const views = new WeakMap();
const seenRunning = new Map(); // id to when it was seen to run last

/** Whether the endpoint must be asked: something was running lately, or has just been begun. */
export const isAnyRunning = () => [...seenRunning.values()].some((at) => Date.now() - at < REMEMBERED_MILLIS);

export function noteStarted(id) {
  seenRunning.set(id, Date.now());
}

export async function showReplays(stopReason) {
  const { replays } = await api.get('pubsubreplays');
  replays.filter((one) => one.state === 'RUNNING').forEach((one) => noteStarted(one.replayId));
  const shown = replays.filter((one) => Date.now() - (seenRunning.get(one.replayId) ?? 0) < REMEMBERED_MILLIS);
  reconcile(document.getElementById('replays'), shown, (one) => one.replayId, create,
    (element, one) => views.get(element)(one, stopReason));
}

function create({ replayId }) {
  const said = el('span');
  const bar = el('progress', { max: 1, value: 0, 'aria-label': `Progress of ${replayId}` });
  const stop = button('Stop', null, async () => {
    try {
      await api.remove('pubsubreplays', replayId);
      toast(`${replayId} is stopped. What it has not reached stays.`);
    } catch (problem) {
      toast(problem.message, true);
    }
  });
  const element = el('div', { class: 'replay' }, el('strong', {}, replayId), bar, said, stop);
  views.set(element, (one, stopReason) => {
    bar.max = Math.max(1, one.matched);
    bar.value = one.state === 'DONE' ? bar.max : one.replayed + one.refused;
    text(said, `${words(one.state)}: ${number(one.replayed)} of ${number(one.matched)} replayed${one.refused ? `, ${number(one.refused)} refused and stay` : ''}`);
    stop.hidden = one.state !== 'RUNNING';
    enable(stop, stopReason);
    element.classList.toggle('done', one.state !== 'RUNNING');
  });
  return element;
}
