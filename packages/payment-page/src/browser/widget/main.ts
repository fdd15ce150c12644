import type { Config } from './config.ts';
import { getBaseUrl, guid, isMobile } from './surroundings.ts';
import { Widget } from './widget.ts';

function run(config: Config, method?: string): Widget {
  const widget = new Widget(config, method);
  widget.run();
  return widget;
}

/** Opens on a click. A button that is not there is made up, so that a shop's page goes on. */
function bind(buttonId: string, config: Config, method?: string): Widget {
  const widget = new Widget(config, method);
  const button = document.getElementById(buttonId) ?? document.createElement('button');
  button.addEventListener('click', (event) => {
    event.preventDefault();
    widget.run();
  });
  return widget;
}

const create = (config: Config, method?: string): Widget => new Widget(config, method);

function runEmbedded(config: Config, method?: string): Widget {
  return run(Reflect.set(config, 'frame_mode', 'embedded') ? config : { ...config, frame_mode: 'embedded' }, method);
}

Object.assign(window, { EPayWidget: { run, bind, create, runEmbedded, guid, isMobile, getBaseUrl } });
