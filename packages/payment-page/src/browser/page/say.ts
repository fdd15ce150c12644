/** Says a text to screen readers, politely, without moving the focus. */
export function say(text: string): void {
  const region = document.getElementById('say');
  if (!region || text === '') return;
  // The same text twice is a change only when the region was empty between.
  region.textContent = '';
  setTimeout(() => (region.textContent = text), 50);
}
