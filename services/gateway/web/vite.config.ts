import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The service worker keeps its name, so that browsers find the next one at the same address.
const entryFileNames = ({ name }: { name: string }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js');

// What the first view needs is one file, and what many pages share are two more: they pack and load better than fifty. The
// service worker stays alone.
const minShareCount = 12;
const codeSplitting = {
  groups: [
    { name: 'first', tags: ['$initial' as const], test: (id: string) => !/\/src\/sw\//.test(id), priority: 3 },
    { name: 'parts', test: /\/node_modules\//, minShareCount, priority: 2 },
    { name: 'shared', test: /\/src\//, minShareCount, priority: 1 },
  ],
};

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { input: { index: 'index.html', sw: 'src/sw/sw.ts' }, output: { entryFileNames, codeSplitting } },
  },
});
