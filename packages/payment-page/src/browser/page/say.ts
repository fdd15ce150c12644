let timer = 0;

/** Says a text to screen readers, politely, without moving the focus. */
export function say(text: string): void {
  const region = document.getElementById('say');
  if (!region || text === '') return;
  // The same text twice is a change only when the region was empty between.
  hush();
  timer = window.setTimeout(() => (region.textContent = text), 50);
}

/** Takes back what was said last, or was about to be. */
export function hush(): void {
  clearTimeout(timer);
  const region = document.getElementById('say');
  if (region) region.textContent = '';
}
