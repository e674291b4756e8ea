import { Button, Popover } from '@mantine/core';
import { IconCheck, IconPlayerTrackNext } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ApiProblem, api, take } from '@/api/client';
import { formatLong } from '@/lib/countdown';
import { useNow } from '@/lib/serverClock';
import { TimeText } from '@/ui/TimeText';
import css from './DemoBar.module.css';

/** What the demo plays, or null where none does. */
function useDemo() {
  return useQuery({
    queryKey: ['demo'],
    queryFn: async () => {
      try {
        return await take(api.GET('/api/v1/demo'));
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
  });
}

interface Step {
  at_us: number;
  text: string;
  done: boolean;
}

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard (WCAG 2.1.1)
    <ol className={css.steps} tabIndex={0} aria-label="What the demo plays">
      {steps.map((step) => (
        <li key={`${step.at_us} ${step.text}`} className={css.step} data-done={step.done || undefined}>
          <TimeText us={step.at_us} bare />
          <span>{step.text}</span>
          {step.done && <IconCheck size={14} stroke={2} aria-label="done" />}
        </li>
      ))}
    </ol>
  );
}

function Next({ steps }: { steps: readonly Step[] }) {
  const now = useNow();
  const next = steps.find((step) => step.at_us / 1000 > now);
  if (!next) return <span>The day is played; everything goes on by itself.</span>;
  return (
    <span>
      Next in {formatLong((next.at_us / 1000 - now) / 1000)}: {next.text}
    </span>
  );
}

/** Says on every page that this is a demo, how fast its clock runs, and what it plays next. */
export function DemoBar({ speed }: { speed: number }) {
  const demo = useDemo();
  const steps = demo.data?.steps ?? [];
  return (
    <div className={css.bar}>
      <IconPlayerTrackNext size={14} stroke={1.75} aria-hidden="true" />
      <span className="strong">Demo</span>
      <span>{speed === 1 ? 'on the real clock.' : `on a clock that runs ${speed} times as fast.`}</span>
      {steps.length > 0 && (
        <>
          <span className={css.next}>
            <Next steps={steps} />
          </span>
          <Popover width={420} position="bottom" shadow="md">
            <Popover.Target>
              <Button size="sm" h={24}>
                The whole day
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <Steps steps={steps} />
            </Popover.Dropdown>
          </Popover>
        </>
      )}
    </div>
  );
}
