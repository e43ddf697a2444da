// Who looks at the page.
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { directory } from '../api/client';
import type { Organisation, User } from '../gen/baton/v1/directory_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { forget } from '../live/worker';
import { emptyOutbox } from '../api/outbox';
import { complain } from '../ui/toast';

export interface Me {
  user: User;
  organisation?: Organisation;
  isAdmin: boolean;
  // Sees what others hold.
  isLead: boolean;
}

export const MeContext = createContext<Me | undefined>(undefined);

export function meOf(user: User, organisation?: Organisation): Me {
  const isAdmin = user.role === Role.ADMIN;
  return { user, organisation, isAdmin, isLead: isAdmin || user.role === Role.MANAGER };
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('nobody is signed in here');
  return me;
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    try {
      await directory.signOut({});
    } catch (error) {
      complain(error);
    }
    emptyOutbox();
    await forget();
    client.setQueryData(['me'], null);
  };
}
