import type { Sender } from '@/api/types';
import { CopyBlock } from '@/ui/CliLine';
import css from './Integration.module.css';
import { fillPaste, type Given } from './paste';

/** What to do at the vendor, in order, with what to paste at each step. */
export function Steps({ sender, given }: { sender: Sender; given: Given }) {
  const steps = sender.steps.filter((step) => given.secret !== null || !step.paste?.includes('{secret}'));
  return (
    <ol className={css.steps} aria-label={`Set-up of ${sender.title}`}>
      {steps.map((step, at) => (
        <li key={step.text}>
          <p>{step.text}</p>
          {step.paste && (
            <CopyBlock text={fillPaste(step.paste, given)} label={`what step ${at + 1} needs`} />
          )}
        </li>
      ))}
    </ol>
  );
}
