import { useSender } from './api';
import { kindName } from './examples';

/** Who sends to an integration, as people know it. */
export function SenderName({ integration }: { integration: { kind: string; vendor: string | null } }) {
  return useSender(integration)?.title ?? kindName(integration.kind);
}
