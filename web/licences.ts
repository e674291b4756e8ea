import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** The folder of the package that a module belongs to, or null for our own. */
function packageOf(id: string): string | null {
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ''));
  return found?.[1] ?? null;
}

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file
    ? readFileSync(path.join(folder, file), 'utf8').trim()
    : 'Its package carries no licence text.';
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Writes `licences.txt` beside the bundle: the licence of every package whose code or fonts are in it. */
export function licences(fonts: readonly string[]): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_options, bundle) {
      const folders = new Set(fonts.map((name) => path.resolve('node_modules', name)));
      for (const part of Object.values(bundle)) {
        if (part.type !== 'chunk') continue;
        for (const id of Object.keys(part.modules)) {
          const folder = packageOf(id);
          if (folder && existsSync(path.join(folder, 'package.json'))) folders.add(folder);
        }
      }
      const texts = [...folders].toSorted().map(textOf);
      this.emitFile({
        type: 'asset',
        fileName: 'licences.txt',
        source: texts.join(`\n${'-'.repeat(72)}\n\n`),
      });
    },
  };
}
