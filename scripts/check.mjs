// Everything that can be said of the sources without running them; the quickest first. Each step is an npm script.
import { fileURLToPath } from 'node:url';
import { createSteps, run } from './steps.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const { step, end } = createSteps();

// The build comes first: the examples import the package by its name, and so do its types.
for (const script of [
  'check:layout',
  'check:lint',
  'build',
  'check:types',
  'check:unused',
  'check:api',
  'check:package',
]) {
  await step(script, () => run('npm', ['run', '--silent', script], { cwd }));
}
end();
