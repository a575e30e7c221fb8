import { bundleLastWords } from '../../scripts/bundle/last-words.mjs';

/**
 * The source text of last-words-worker.ts with everything that it imports. The build puts the text in the place of this
 * module, so that an app which is bundled has no file to find. Here, where the sources run, it is made when it is needed.
 */
export function lastWordsSource(): string {
  return bundleLastWords();
}
