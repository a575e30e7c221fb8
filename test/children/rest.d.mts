export function rest(): Promise<void>;
