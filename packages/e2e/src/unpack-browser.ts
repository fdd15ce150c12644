import chromium from '@sparticuz/chromium';

/** Unpacks the packaged browser into TMPDIR and writes where it lies; a program, as only the environment says where to. */
console.log(await chromium.executablePath());
