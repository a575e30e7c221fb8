import type { Command } from './command.js';
export const doctor: Command = {
  name: 'doctor',
  summary: '',
  description: '',
  options: {},
  examples: [],
  run: async () => 0,
};
