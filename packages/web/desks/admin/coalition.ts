/** Members, charter and links as this bureau sees them. */
import { useQuery } from '@tanstack/react-query';
import type { AlarmView, CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { ask } from '../../live/ask.ts';

export const useCoalition = () =>
  useQuery({ queryKey: ['coalition'], queryFn: ({ signal }) => ask<CoalitionView>('/api/coalition', { signal }) });

export const useAlarms = (enabled: boolean) =>
  useQuery({
    queryKey: ['alarms'],
    enabled,
    queryFn: ({ signal }) => ask<{ items: AlarmView[] }>('/api/alarms', { signal }),
  });
