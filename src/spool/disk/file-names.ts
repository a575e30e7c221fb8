/**
 * The names of the spool's files; nothing else in the directory is ever touched.
 *
 *     <holder>.beat              the holder's heartbeat
 *     <holder>.<birth>.spool     a segment: entries, and which of them are acknowledged
 *     <holder>.<birth>.memory    what is remembered, key by key
 *
 * The holder is the process that may write the file; adopting a file is renaming it to another holder, which only one
 * can do. The birth stays: it names a file for good.
 */
export type FileKind = 'beat' | 'spool' | 'memory';

/** What a file's name says. */
export interface FileName {
  readonly name: string;
  readonly kind: FileKind;
  readonly holder: string;
  /** Empty for a heartbeat. */
  readonly segmentId: string;
}

// Without dots and slashes there is no way out of the directory.
const NAME = /^([a-z0-9]{1,64})\.(?:([a-z0-9]{1,64})\.(spool|memory)|beat)$/;

/** Undefined for what is not ours. */
export function readName(name: string): FileName | undefined {
  const [, holder, segmentId = '', kind = 'beat'] = NAME.exec(name) ?? [];
  return holder === undefined ? undefined : { name, kind: kind as FileKind, holder, segmentId };
}

/** The name of a heartbeat. */
export function beatName(holder: string): string {
  return `${holder}.beat`;
}

/** The name of a segment or a memory. */
export function fileName(holder: string, birth: string, kind: 'spool' | 'memory'): string {
  return `${holder}.${birth}.${kind}`;
}

/** Whatever makes the ids: small letters and digits, because some file systems do not tell `A` from `a`. */
export function safeId(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 64);
}
