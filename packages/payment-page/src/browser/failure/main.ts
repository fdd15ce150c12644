/** Tells the shop's widget at once that there is no page to wait for, once the widget has introduced itself to the frame. */
window.addEventListener('message', ({ source, origin, data }) => {
  if (window.parent === window || source !== window.parent) return;
  try {
    const { message, guid }: { message?: unknown; guid?: unknown } = JSON.parse(String(data));
    if (message !== 'link' || typeof guid !== 'string') return;
    const told = { message: 'epframe.fail_loading', data: { message: document.title }, guid };
    // It holds nothing that anybody may not know; still it goes only to who spoke.
    window.parent.postMessage(JSON.stringify(told), origin);
  } catch {
    // Somebody else's message, or an origin that cannot be named.
  }
});
