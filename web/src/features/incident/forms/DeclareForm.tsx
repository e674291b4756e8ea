import { Checkbox, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, take } from '@/api/client';
import { changed } from '@/api/query';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { severities, severity, severityWords } from '@/ui/severity';
import css from './forms.module.css';

const blank = { title: '', severity: 'sev3', description: '', customer_facing: false, company_wide: false };

/** An incident that no alert told of: somebody saw or heard something. */
export function DeclareForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(blank);
  const set = (part: Partial<typeof blank>) => setDraft((old) => ({ ...old, ...part }));
  const declare = useMutation({
    mutationFn: () =>
      take(
        api.POST('/api/v1/incidents', {
          body: { ...draft, severity: severity(draft.severity), description: draft.description || undefined },
        }),
      ),
    onSuccess: (incident) => {
      changed(['incidents', 'board']);
      void navigate({ to: '/incidents/$ref', params: { ref: incident.reference } });
    },
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title="Declare an incident"
      submit="Declare and page"
      pending={declare.isPending}
      error={declare.error}
      command={cli('incident declare', [], {
        title: draft.title || 'TITLE',
        severity: draft.severity,
        'customer-facing': draft.customer_facing || undefined,
        'company-wide': draft.company_wide || undefined,
      })}
      blocked={draft.title.trim() ? null : 'A title is needed.'}
      onSubmit={() => declare.mutate()}
    >
      <TextInput
        label="Title"
        placeholder="What is seen, in one line"
        value={draft.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        data-autofocus
      />
      <div>
        <SegmentedControl
          fullWidth
          aria-label="Severity"
          data={severities.map((value) => ({ value, label: value.toUpperCase() }))}
          value={draft.severity}
          onChange={(value) => set({ severity: value })}
        />
        <p className={css.hint}>{severityWords[severity(draft.severity)]}.</p>
      </div>
      <div className={css.checks}>
        <Checkbox
          label="Customer-facing"
          checked={draft.customer_facing}
          onChange={(event) => set({ customer_facing: event.currentTarget.checked })}
        />
        <Checkbox
          label="Company-wide"
          checked={draft.company_wide}
          onChange={(event) => set({ company_wide: event.currentTarget.checked })}
        />
      </div>
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
    </FormModal>
  );
}
