import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageRequest, ReturnButton } from '@rocketpay/contract/page-parameters.ts';
import { chooseLanguage, type LanguageWish } from './language.ts';
import { isFramingOrigin } from './headers.ts';
import { codingFor } from './compression.ts';
import { autoRedirect, returnLink } from './ways-back.ts';

const nowhere: Record<'success' | 'fail' | 'return', string | null> = { success: null, fail: null, return: null };
const url = 'https://shop.example/back';

function linkFor(button: Partial<ReturnButton>, opened: 'tab' | 'popup' | 'iframe' | 'embedded', urls = nowhere) {
  const none: ReturnButton = { url: null, enabled: null, mode: null };
  const request = { buttons: { success: { ...none, ...button }, fail: none, return: none } } as unknown as PageRequest;
  const link = returnLink(request, urls, opened, 'success');
  return link && [link.open, link.url];
}

test('the button back to the shop, by how the page is opened and what the merchant says of it', () => {
  const cases = [
    [{}, [null, null, null]],
    [
      { url },
      [
        ['iframe', url],
        ['close', null],
        ['handlers', null],
      ],
    ],
    [{ url, enabled: 0 }, [null, null, null]],
    [
      { url, enabled: 1 },
      [
        ['iframe', url],
        ['close', null],
        ['handlers', null],
      ],
    ],
    [
      { url, enabled: 1, mode: 'blank_page' },
      [
        ['blank', url],
        ['close', null],
        ['handlers', null],
      ],
    ],
    [
      { url, enabled: 2 },
      [
        ['iframe', url],
        ['iframe', url],
        ['iframe', url],
      ],
    ],
    [
      { url, enabled: 2, mode: 'parent_page' },
      [
        ['iframe', url],
        ['parent', url],
        ['parent', url],
      ],
    ],
    [
      { url, mode: 'blank_page' },
      [
        ['blank', url],
        ['blank', url],
        ['blank', url],
      ],
    ],
    [{ enabled: 2 }, [null, null, null]],
  ] as const;
  for (const [button, [tab, popup, iframe]] of cases) {
    const name = JSON.stringify(button);
    assert.deepEqual(linkFor(button, 'tab'), tab, name);
    assert.deepEqual(linkFor(button, 'popup'), popup, name);
    assert.deepEqual(linkFor(button, 'iframe'), iframe, name);
    assert.deepEqual(linkFor(button, 'embedded'), iframe, name);
  }
});

test('the project’s own address serves where the link has none', () => {
  const urls = { ...nowhere, success: 'https://shop.example/default' };
  assert.deepEqual(linkFor({}, 'tab', urls), ['iframe', 'https://shop.example/default']);
  assert.deepEqual(linkFor({ url }, 'tab', urls), ['iframe', url]);
});

test('a result leads away by itself as the merchant says', () => {
  assert.equal(autoRedirect(null, 'tab'), null);
  assert.deepEqual(autoRedirect({ url, mode: null }, 'iframe'), { url, open: 'iframe' });
  assert.deepEqual(autoRedirect({ url, mode: 'parent_page' }, 'iframe'), { url, open: 'parent' });
  assert.deepEqual(autoRedirect({ url, mode: 'parent_page' }, 'tab'), { url, open: 'iframe' });
  assert.deepEqual(autoRedirect({ url, mode: 'blank_page' }, 'tab'), { url, open: 'blank' });
});

test('the language: the payer’s switch, else the link’s, else the browser’s, else the project’s', () => {
  const wish: LanguageWish = {
    switched: null,
    asked: null,
    browser: undefined,
    offered: ['kk', 'ru', 'en'],
    byDefault: 'kk',
  };
  const cases: readonly (readonly [Partial<LanguageWish>, string])[] = [
    [{}, 'kk'],
    [{ browser: 'ru-RU,ru;q=0.9,en;q=0.8' }, 'ru'],
    [{ browser: 'de, en;q=0.5, ru;q=0.7' }, 'ru'],
    [{ browser: 'de' }, 'kk'],
    [{ browser: 'ru;q=0, en' }, 'en'],
    [{ browser: 'kk', asked: 'ru' }, 'ru'],
    [{ browser: 'kk', asked: 'RU_ru' }, 'ru'],
    [{ browser: 'ru', asked: 'de' }, 'en'],
    [{ switched: 'kk', asked: 'ru' }, 'kk'],
    [{ switched: 'kk', offered: ['ru', 'en'], byDefault: 'ru' }, 'ru'],
    [{ asked: 'de', offered: ['kk', 'ru'], byDefault: 'ru' }, 'ru'],
    [{ browser: 'x'.repeat(100_000) }, 'kk'],
  ];
  for (const [change, language] of cases)
    assert.equal(chooseLanguage({ ...wish, ...change }), language, JSON.stringify(change).slice(0, 80));
});

test('only an origin may frame: nothing that would add to the policy', () => {
  for (const good of ['https://shop.example', 'https://*.shop.example', 'http://127.0.0.1:*', 'http://localhost:8070'])
    assert.ok(isFramingOrigin(good), good);
  for (const bad of [
    '*',
    'https://*',
    'shop.example',
    'https://shop.example/',
    "https://a.example; script-src 'unsafe-inline'",
    'https://a.example b',
    "'self'",
    'javascript:alert(1)',
    'https://shop.*',
    'https://a..b:99999999',
    '',
  ])
    assert.ok(!isFramingOrigin(bad), bad);
});

test('the coding that a client takes', () => {
  assert.equal(codingFor(undefined), null);
  assert.equal(codingFor('gzip, deflate, br'), 'br');
  assert.equal(codingFor('gzip;q=1.0, br;q=0'), 'gzip');
  assert.equal(codingFor('identity'), null);
});
