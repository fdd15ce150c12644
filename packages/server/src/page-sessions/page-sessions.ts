export { isFramingOrigin } from './headers.ts';
export type { PageLimits } from './limits.ts';
export { mountPages } from './mount.ts';
export { createPageRenderer } from './renderer.ts';
export { createPageEdits, type PageEdit, seedSandboxPage } from './settings-edits.ts';
