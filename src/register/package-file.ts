/** The file of this package that runs, as `createRequire()` takes it. The CommonJS build puts `__filename` in the place of the URL. */
export const HERE: string = import.meta.url;
