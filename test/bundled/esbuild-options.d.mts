import type { BuildOptions } from 'esbuild';

export const ESBUILD_OPTIONS: Readonly<Record<string, BuildOptions>>;
