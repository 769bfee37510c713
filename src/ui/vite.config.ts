import { defineConfig } from 'vite'

/** Builds the window into `dist/ui`: `npx vite build -c src/ui/vite.config.ts` from the project's folder. */
export default defineConfig({
  root: 'src/ui',
  // Served from / by the station and from app://kiosk/ by Electron.
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: '../../dist/ui',
    emptyOutDir: true,
    target: 'chrome130',
    // The content security policy has no place for data: scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // It comes from this machine's own disk, whole, before anybody stands there.
    chunkSizeWarningLimit: 2_000,
  },
})
