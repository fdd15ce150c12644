import type { MethodsScreen, PageModel } from '../../model.ts';
import { speechOf } from '../../words/words.ts';
import { form } from '../form.ts';
import { type Html, html } from '../html.ts';
import { returnLink } from '../return-link.ts';
import { unavailableText } from './unavailable-text.ts';

/** The ways to pay, each a button that goes on; a merchant may have hidden them all. */
export function methodsScreen(model: PageModel, screen: MethodsScreen): Html {
  const speech = speechOf(model.language);
  const methods = screen.methods.map(({ code, unavailable }) => {
    const hint = unavailable ? unavailableText(model, unavailable) : speech.say(`methodHint_${code}`);
    return html`<button
      class="method${screen.preselected === code && ' chosen'}"
      name="method"
      value="${code}"
      ${unavailable && html` disabled`}
    >
      <span class="phone" aria-hidden="true"></span
      ><span><b>${speech.say(`method_${code}`)}</b><small>${hint}</small></span>
    </button>`;
  });
  if (methods.length === 0)
    return html`<h1 tabindex="-1">${speech.say('methodsNone')}</h1>
      <p class="lead">${speech.say('methodsNoneText')}</p>
      ${returnLink(model, 'main')}`;
  return html`<h1 tabindex="-1">${speech.say('methodsTitle')}</h1>
    ${form(model, 'method', html`${methods}`)}${returnLink(model)}`;
}
