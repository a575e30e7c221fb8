// Loaded before everything else in the app under chaos: a wall clock that jumps, lookups that are slow, and a disk that
// freezes. The package under test cannot tell them from real ones.
import dns from 'node:dns';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** libuv runs at most this many lookups at a time on its four threads. */
const LOOKUP_SLOTS = 2;
const POLL_MILLIS = 20;

let jumpedMillis = 0;
const { now } = Date;
Date.now = () => now.call(Date) + jumpedMillis;

/** Moves the wall clock to its true time plus `millis`. */
export function jump(millis) {
  jumpedMillis = millis;
}

let lookupMillis = 0;
/** Lets each lookup of the package take this long. */
export function slowLookups(millis) {
  lookupMillis = millis;
}

const { lookup } = dns;
const queue = [];
let running = 0;

/** Runs a lookup in a slot, as libuv does: a slow one makes the others wait. */
function inSlot(delayMillis, hostname, options, callback) {
  queue.push(() => {
    running++;
    setTimeout(() => {
      lookup(hostname, options, (...result) => {
        running--;
        queue.shift()?.();
        callback(...result);
      });
    }, delayMillis);
  });
  if (running < LOOKUP_SLOTS) queue.shift()();
}

/** The app's own lookup. It is never slow by itself. */
export const appLookup = (hostname, callback) => inSlot(0, hostname, {}, callback);

dns.lookup = (hostname, options, callback = options) =>
  inSlot(lookupMillis, hostname, typeof options === 'function' ? {} : options, callback);
dns.promises.lookup = (hostname, options = {}) =>
  new Promise((resolve, reject) => {
    inSlot(lookupMillis, hostname, options, (error, address, family) => {
      if (error) reject(error);
      else resolve(options.all ? address : { address, family });
    });
  });

const { existsSync } = fs;
/** The disk is frozen while the file at `CHAOS_FREEZE` exists. Only the spool is on that disk. */
const { CHAOS_FREEZE: freezeFile = '', CHAOS_DISK: disk = '' } = process.env;
const isOnDisk = (path) => disk !== '' && String(path).startsWith(disk);

async function thawed() {
  while (existsSync(freezeFile)) await sleep(POLL_MILLIS);
}

function thawedSync() {
  while (existsSync(freezeFile)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MILLIS);
}

const openOnDisk = new Set();
for (const name of ['open', 'readdir', 'lstat', 'stat', 'rename', 'unlink', 'mkdir', 'rm', 'link']) {
  const run = fs.promises[name];
  fs.promises[name] = async (path, ...rest) => {
    if (!isOnDisk(path)) return run(path, ...rest);
    await thawed();
    return name === 'open' ? freezing(await run(path, ...rest)) : run(path, ...rest);
  };
}

/** A file handle whose operations wait while the disk is frozen. */
function freezing(handle) {
  for (const name of ['write', 'read', 'datasync', 'sync', 'stat', 'truncate', 'close']) {
    const run = handle[name].bind(handle);
    handle[name] = async (...args) => {
      await thawed();
      return run(...args);
    };
  }
  return handle;
}

for (const name of ['openSync', 'lstatSync', 'mkdirSync', 'unlinkSync', 'renameSync', 'readdirSync']) {
  const run = fs[name];
  fs[name] = (path, ...rest) => {
    if (isOnDisk(path)) thawedSync();
    const result = run(path, ...rest);
    if (name === 'openSync' && isOnDisk(path)) openOnDisk.add(result);
    return result;
  };
}
for (const name of ['writeSync', 'fsyncSync', 'fdatasyncSync']) {
  const run = fs[name];
  fs[name] = (descriptor, ...rest) => {
    if (openOnDisk.has(descriptor)) thawedSync();
    return run(descriptor, ...rest);
  };
}
