import { simulatorPage } from './page.ts';

process.stdout.write(simulatorPage());
