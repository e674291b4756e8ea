import { Link } from '@tanstack/react-router';
import { EmptyState } from '@/ui/states';

export function NotFound() {
  return (
    <EmptyState title="There is no page at this address.">
      <Link to="/" className="link">
        Open the board
      </Link>
    </EmptyState>
  );
}
