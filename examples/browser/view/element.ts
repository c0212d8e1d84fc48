/** An element of the page by its id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found as T;
}

type Attributes = {[name: string]: string | number | boolean | undefined};

/** A new element with attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** Writes text where it differs, so that a screen reader does not hear it twice. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows a message, or hides its place. */
export function showMessage(element: HTMLElement, message: string | null): void {
  write(element, message ?? '');
  element.hidden = message === null;
}

/** Parts of a long list that are made at once. */
const AT_ONCE = 20;

/** Makes the parts of a list, some at a time, so that nobody waits for a long one. */
export function inSlices(count: number, add: (index: number) => void): void {
  const from = (begin: number) => {
    const end = Math.min(count, begin + AT_ONCE);
    for (let i = begin; i < end; i++) add(i);
    if (end < count) setTimeout(() => from(end));
  };
  from(0);
}
