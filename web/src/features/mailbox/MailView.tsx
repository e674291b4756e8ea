import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Mail } from '@/api/types';
import { levelName } from '@/lib/lamp';
import { CodeBlock } from '@/ui/CodeBlock';
import { Flag } from '@/ui/Flag';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import { SeverityChip } from '@/ui/SeverityChip';
import { TimeText } from '@/ui/TimeText';
import css from './Mailbox.module.css';

const states: Record<string, string> = {
  open: 'not answered yet',
  answered: 'answered',
  superseded: 'another answered',
  given_up: 'no answer',
  told: 'no answer expected',
};

/** One message as its receiver would read it, with the link that acknowledges. */
export function MailView({ mail }: { mail: Mail }) {
  return (
    <Panel title={mail.subject} right={mail.sent_us && <TimeText us={mail.sent_us} seconds />} padded>
      <div className={css.meta}>
        <PersonName id={mail.person_id} name={mail.name} />
        {mail.severity && <SeverityChip value={mail.severity} />}
        {mail.level && <Flag>{levelName(mail.level)}</Flag>}
        <Flag>{mail.channel}</Flag>
        {mail.page_status && (
          <span className="soft small">{states[mail.page_status] ?? mail.page_status}</span>
        )}
      </div>
      <CodeBlock text={mail.text} label="Message" className={css.text} />
      {mail.brief && (
        <>
          <p className={css.brief}>With it, the brief of one page:</p>
          <CodeBlock text={mail.brief} label="Brief" className={css.text} />
        </>
      )}
      <div className={css.actions}>
        {mail.incident_reference && (
          <Button
            size="bar"
            renderRoot={(props) => (
              <Link to="/incidents/$ref" params={{ ref: mail.incident_reference ?? '' }} {...props} />
            )}
          >
            Open {mail.incident_reference}
          </Button>
        )}
        {mail.acknowledge_url && (
          <Button
            size="bar"
            component="a"
            href={mail.acknowledge_url}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink size={15} stroke={1.75} />}
          >
            Open the link as {mail.name}
          </Button>
        )}
      </div>
    </Panel>
  );
}
