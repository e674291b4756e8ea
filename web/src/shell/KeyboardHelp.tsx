import { Modal } from '@mantine/core';
import { type KeyBinding, useAllKeys } from '@/lib/keys';
import { Kbd } from '@/ui/Kbd';
import css from './KeyboardHelp.module.css';

function byGroup(all: readonly KeyBinding[]): [string, KeyBinding[]][] {
  const groups = new Map<string, KeyBinding[]>();
  const seen = new Set<string>();
  for (const binding of all.toReversed()) {
    if (seen.has(binding.keys)) continue;
    seen.add(binding.keys);
    groups.set(binding.group, [binding, ...(groups.get(binding.group) ?? [])]);
  }
  return [...groups];
}

/** Every key that works on this page, and why one does not. */
export function KeyboardHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const groups = byGroup(useAllKeys());
  return (
    <Modal opened={opened} onClose={onClose} title="Keys on this page" size={620}>
      <div className={css.groups}>
        {groups.map(([group, bindings]) => (
          <section key={group}>
            <h3 className={css.head}>{group}</h3>
            <dl>
              {bindings.map((binding) => (
                <div key={binding.keys} className={css.line}>
                  <dt className={css.keys}>
                    {binding.keys.split(' ').map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>
                    {binding.label}
                    {binding.off && <span className="faint"> ({binding.off})</span>}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
