// Making and showing parts of the document. Text goes in by textContent only.

export const $ = (id) => document.getElementById(id);

export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function copyOf(template) {
  return $(template).content.cloneNode(true);
}

export function show(element, on = true) {
  element.hidden = !on;
}

let hush;

// One line at the edge of the screen, also read out.
export function say(text, kind = 'info') {
  const line = $('say');
  line.textContent = text;
  line.dataset.kind = kind;
  show(line);
  clearTimeout(hush);
  hush = setTimeout(() => show(line, false), 5000);
}

export function remember(key, value) {
  try {
    localStorage.setItem(`baton.${key}`, value);
  } catch {
    // private windows may have no storage; then this window is a new device each time
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(`baton.${key}`);
  } catch {
    return null;
  }
}
