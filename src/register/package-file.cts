/** The path of this file, for resolving packages. CommonJS in both builds, because `__filename` exists only there. */
export const HERE: string = __filename;
