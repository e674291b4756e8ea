import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Integration } from '@/api/types';
import { cli } from '@/lib/cli';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { usePatchIntegration } from './api';
import css from './Integration.module.css';
import { topicsFault, topicsOf } from './topics';

/** The topics of SNS that are taken; whether one is subscribed shows among the last bodies. */
export function TopicsPanel({ integration }: { integration: Integration }) {
  const patch = usePatchIntegration(integration.id);
  const known = integration.topics.join('\n');
  const [text, setText] = useState(known);
  const topics = topicsOf(text);
  const fault = topicsFault(topics);
  const same = topics.join('\n') === known;
  return (
    <Panel title="Topics" count={integration.topics.length} padded>
      <Textarea
        label="Topics that are taken"
        description="One ARN a line. SNS asks for a subscription of these and is told yes; any other topic is refused."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={same ? null : fault}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
      />
      <div className={css.result}>
        <Button
          size="bar"
          disabled={same || Boolean(fault)}
          loading={patch.isPending}
          onClick={() => patch.mutate({ topics })}
        >
          Save topics
        </Button>
        {patch.isError && <span className="bad small">{messageOf(patch.error)}</span>}
        {patch.isSuccess && same && (
          <span className="ok small" role="status">
            Saved.
          </span>
        )}
      </div>
      <CliLine command={cli('integration topics', [integration.id, ...topics])} />
    </Panel>
  );
}
