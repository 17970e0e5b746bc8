// Elements out of text. Whatever comes from the engine goes through here, and only ever becomes text.

/**
 * Makes an element. Properties: `class`, `on` (listeners by event), `data` (data attributes), and attributes, of which
 * null and false are left out. Children: elements, and anything else as text; null is left out.
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on') {
      Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    } else if (name === 'data') {
      Object.assign(element.dataset, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Puts these children in place of all that the element has. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Changes the text of an element, if it is another. */
export function text(element, value) {
  const now = value === null || value === undefined ? '' : String(value);
  if (element.textContent !== now) {
    element.textContent = now;
  }
}

/**
 * Brings the children of an element in line with a list, keeping those that it has: a button keeps its focus, and a
 * chart its history. `key` names an item, `create` makes its element, `update` brings it up to date.
 */
export function reconcile(parent, items, key, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = old.get(name);
    if (child) {
      old.delete(name);
    } else {
      child = create(item);
      child.dataset.key = name;
    }
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(child, place);
    }
    update(child, item);
  }
  old.forEach((child) => child.remove());
}

/** A button; `reason` says why it cannot be pressed, null where it can. */
export function button(label, reason, listener, properties = {}) {
  const element = el('button', { type: 'button', ...properties, on: { click: listener } }, label);
  enable(element, reason);
  return element;
}

/** Enables a button, or disables it and says why. */
export function enable(element, reason) {
  element.disabled = Boolean(reason);
  if (reason) {
    element.title = reason;
  } else {
    element.removeAttribute('title');
  }
}

/** Tells the outcome of something, for a while. */
export function toast(message, bad = false) {
  const element = el('p', { class: bad ? 'toast bad' : 'toast' }, message);
  document.getElementById('toasts').append(element);
  setTimeout(() => element.remove(), bad ? 10000 : 5000);
}
