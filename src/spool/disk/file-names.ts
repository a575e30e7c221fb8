/**
 * The names of the spool's files. No other file in the directory is ever read or changed.
 *
 *     <holder>.beat           the holder's heartbeat
 *     <holder>.<id>.spool     a segment: entries, and which of them are acknowledged
 *     <holder>.<id>.memory    a key-value log
 *
 * The holder is the process that may write the file. A process adopts a file by renaming it to its own holder name, which
 * only one process can do. The id never changes.
 */
export type FileKind = 'beat' | 'spool' | 'memory';

/** A parsed file name. */
export interface FileName {
  readonly name: string;
  readonly kind: FileKind;
  readonly holder: string;
  /** The id of the file; empty for a heartbeat. */
  readonly segmentId: string;
}

// Names without slashes and further dots cannot lead out of the directory.
const NAME = /^([a-z0-9]{1,64})\.(?:([a-z0-9]{1,64})\.(spool|memory)|beat)$/;

/** Parses a file name. Returns undefined for a file that is not the spool's. */
export function readName(name: string): FileName | undefined {
  const [, holder, segmentId = '', kind = 'beat'] = NAME.exec(name) ?? [];
  return holder === undefined ? undefined : { name, kind: kind as FileKind, holder, segmentId };
}

/** Returns the name of a heartbeat file. */
export function beatName(holder: string): string {
  return `${holder}.beat`;
}

/** Returns the name of a segment or a key-value log. */
export function fileName(holder: string, id: string, kind: 'spool' | 'memory'): string {
  return `${holder}.${id}.${kind}`;
}

/** Reduces an id to lower-case letters and digits, because some file systems ignore case. At most 64 characters. */
export function safeId(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 64);
}
