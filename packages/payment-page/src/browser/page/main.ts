import { interceptForms } from './forms.ts';
import { listenToHost } from './host.ts';
import { follow, watchReturns } from './live.ts';
import { refresh } from './network.ts';
import { adoptScreen, screenNow } from './screen.ts';

const root = document.getElementById('page');
if (root) {
  interceptForms();
  listenToHost(() => document.querySelector<HTMLElement>('#pay .main')?.click());
  // A countdown's end may move the payment: the server says what is to be seen then.
  adoptScreen(root, follow, () => setTimeout(() => void refresh(), 500));
  watchReturns();
  const { base } = screenNow();
  // The signed link leaves the address bar, and coming back resumes the session.
  if (location.pathname !== base || location.search !== '') history.replaceState(null, '', base);
}
