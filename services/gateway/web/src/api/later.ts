// A change that may wait for a network.
import { type DescMethod, type MessageInitShape, create, toJsonString } from '@bufbuild/protobuf';
import i18next from 'i18next';
import { toast } from '../ui/toast';
import { freshId } from './id';
import { keepForLater } from './outbox';
import { isOffline } from './refusal';

// What `ask` answers; undefined: nobody answers, and it is kept.
export async function orLater<M extends DescMethod, R>(method: M, request: MessageInitShape<M['input']>, ask: (request: MessageInitShape<M['input']>) => Promise<R>): Promise<R | undefined> {
  const named = { requestId: freshId(), ...(request as object) } as unknown as MessageInitShape<M['input']>;
  try {
    return await ask(named);
  } catch (error) {
    if (!isOffline(error)) throw error;
    const body = toJsonString(method.input, create(method.input, named));
    if (!keepForLater({ method: `${method.parent.name}/${method.name}`, body })) throw error;
    toast({ title: i18next.t('offline.kept') });
    return undefined;
  }
}
