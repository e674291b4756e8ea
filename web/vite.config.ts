import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';
import { licences } from './licences.ts';

const fonts = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'];

export default defineConfig(({ mode }) => {
  const api = loadEnv(mode, '.', 'DECURION_').DECURION_URL ?? 'http://127.0.0.1:8080';
  return {
    plugins: [react(), licences(fonts)],
    resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
    // `vite dev` serves the console and hands everything else to a running server, which compares Origin and Host.
    server: { proxy: Object.fromEntries(['/api', '/a/', '/health'].map((path) => [path, { target: api }])) },
    build: {
      target: 'es2022',
      // The server's policy forbids inline scripts and data: scripts; assets stay files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
    },
    test: { environment: 'node' as const, include: ['src/**/*.test.ts'] },
  };
});
