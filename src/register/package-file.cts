/** Where this package stands; CommonJS in both builds, because only there a file knows it. */
export const HERE: string = __filename;
