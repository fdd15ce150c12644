import { callbackStoreSuite } from '@rocketpay/server/callbacks/store.suite.ts';
import { createMemoryCallbacks } from './callback-dues.ts';

callbackStoreSuite('memory, with its dues', async () => createMemoryCallbacks());
