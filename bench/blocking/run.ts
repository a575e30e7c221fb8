// `npm run blocking` measures, and writes the picture and the table of docs/from-a-blocking-handler-to-a-queue.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ARMS, type Measured, prepare, STATES } from './measure.js';
import { plot, table } from './plot.js';

const PAGE = new URL('../../docs/from-a-blocking-handler-to-a-queue.md', import.meta.url);
const PICTURE = new URL('../../docs/blocking.svg', import.meta.url);
const MARKS = /(?<=<!-- numbers -->\n)[\s\S]*(?=<!-- \/numbers -->)/;

const plan = { requestsPerSecond: 100, seconds: 2, timeoutMillis: 1_000 };
const prepared = await Promise.all(ARMS.flatMap((arm) => STATES.map((state) => prepare(arm, state, plan))));
const results: Measured[] = [];
for (const measure of prepared) results.push(await measure());

const numbers = table(results);
const where = `Node ${process.versions.node}, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}`;
console.log(`${numbers}\n\n${where}`);
writeFileSync(PICTURE, plot(results));
writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(MARKS, `\n${numbers}\n\nMeasured with ${where}.\n\n`));
