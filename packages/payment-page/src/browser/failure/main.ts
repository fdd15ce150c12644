const { parent } = window;
const root = document.documentElement;

/** In a frame the page is as high as what it says, or a modal would cut it off. */
if (parent !== window) root.dataset['opened'] = 'iframe';

/** Tells the shop's widget at once that there is no page to wait for, once the widget has introduced itself to the frame. */
window.addEventListener('message', ({ source, origin, data }) => {
  if (parent === window || source !== parent) return;
  try {
    const { message, guid }: { message?: unknown; guid?: unknown } = JSON.parse(String(data));
    if (message !== 'link' || typeof guid !== 'string') return;
    // It holds nothing that anybody may not know; still it goes only to who spoke.
    const tell = (name: string, told: object): void =>
      parent.postMessage(JSON.stringify({ message: `epframe.${name}`, data: told, guid }), origin);
    tell('fail_loading', { message: document.title });
    tell('resize', { width: root.clientWidth, height: document.body.offsetHeight });
  } catch {
    // Somebody else's message, or an origin that cannot be named.
  }
});
