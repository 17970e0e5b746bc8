// One dialog for all that changes something: it says what will happen before it does.

import { button, el, fill } from './dom.js';

const dialog = document.getElementById('dialog');

/**
 * Asks for a confirmation. `lines` say what will happen; `fields` are elements to fill in; `action` runs when it is
 * confirmed, and what it throws is shown while the dialog stays open.
 */
export function confirm({ title, lines, fields = [], label, danger = false, action }) {
  const error = el('p', { class: 'error', role: 'alert' });
  const go = el('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, label);
  const form = el('form', {
    method: 'dialog',
    on: {
      submit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        error.textContent = '';
        try {
          await action();
          dialog.close();
        } catch (problem) {
          error.textContent = problem.message;
          go.disabled = false;
        }
      },
    },
  },
  el('h2', { id: 'dialog-title' }, title),
  lines.filter(Boolean).map((line) => el('p', {}, line)),
  fields,
  error,
  el('div', { class: 'actions' }, button('Cancel', null, () => dialog.close(), { class: 'quiet' }), go));
  fill(dialog, form);
  dialog.showModal();
  (fields.length ? dialog.querySelector('input') : go)?.focus();
}
