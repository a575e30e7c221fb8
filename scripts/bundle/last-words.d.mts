export function bundleLastWords(): string;
