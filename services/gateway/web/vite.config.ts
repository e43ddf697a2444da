import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The service worker keeps its name, so that browsers find the next one at the same address.
const entryFileNames = ({ name }: { name: string }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js');

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { input: { index: 'index.html', sw: 'src/sw/sw.ts' }, output: { entryFileNames } },
  },
});
