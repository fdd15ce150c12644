let skewMs = 0;

/** The server's time, in epoch milliseconds: countdowns and the log must not trust the reader's clock. */
export const nowMs = () => Date.now() + skewMs;
export const setServerTime = (text) => {
  skewMs = Date.parse(text) - Date.now();
};

export function localTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour12: false });
  }
}
