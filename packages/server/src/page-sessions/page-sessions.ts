export type { PageRenderer } from './answers.ts';
export { isFramingOrigin } from './headers.ts';
export type { PageLimits } from './limits.ts';
export { mountPages } from './mount.ts';
export { createPageRefusals } from './refusals.ts';
export { createPageRenderer } from './renderer.ts';
export { createPageEdits, type PageEdit, seedSandboxPage } from './settings-edits.ts';
