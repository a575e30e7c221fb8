import type { NextConfig } from 'next';

// Without `serverExternalPackages`: the exporter and the SDK are bundled like the app's own code. The root keeps Next
// from looking for a lockfile in the folders above.
const config: NextConfig = {
  output: process.env.NEXT_OUTPUT === 'standalone' ? 'standalone' : undefined,
  turbopack: { root: process.cwd() },
  // The types of the exporter are tested elsewhere, with every module resolution.
  typescript: { ignoreBuildErrors: true },
};

export default config;
