// What is typed of a quote, kept and priced a moment later; one request at a time, and the newest state wins.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isConflict, refusalOf } from '../api/refusal';
import type { Quote } from '../gen/baton/v1/quotes_pb';
import { quoteQuery, quotes, useQuoteAct } from './data';
import { draftOf, type Draft, emptyLine, lineOf, wishesOf } from './logic';

const WAIT_MS = 400;

export interface Head {
  customerName?: string;
  recipient?: string;
  email?: string;
  country?: string;
  validUntil?: string;
  language?: string;
  note?: string;
}

interface State {
  drafts: Draft[];
  head: Head;
  discount: bigint;
}

const stateOf = (quote: Quote): State => ({
  drafts: quote.lines.length > 0 ? quote.lines.map(draftOf) : [emptyLine(0)],
  head: { customerName: quote.head?.customerName, recipient: quote.head?.recipient, email: quote.head?.email, country: quote.head?.country, validUntil: quote.head?.validUntil, language: quote.head?.language, note: quote.head?.note },
  discount: quote.discount,
});

const said = (head: Head) => Object.fromEntries(Object.entries(head).filter(([, v]) => v));

export function useDraft(quote: Quote) {
  const cache = useQueryClient();
  const [state, setState] = useState(() => stateOf(quote));
  const [version, setVersion] = useState(0);
  const [priced, setPriced] = useState(() => (quote.lines.length > 0 ? quote.lines.map((_, i) => i) : []));
  const [error, setError] = useState<{ error: unknown; keys: number[] }>();
  const next = useRef(quote.lines.length + 1);
  const save = useQuoteAct(quote.id, (asked: Parameters<typeof quotes.setQuoteLines>[0]) => quotes.setQuoteLines(asked));
  const now = useRef({ state, version, quote });
  now.current = { state, version, quote };
  const sent = useRef(0);
  const { mutateAsync } = save;
  const send = useCallback(async () => {
    const { state: s, version: v, quote: q } = now.current;
    const { wishes, keys, faults } = wishesOf(s.drafts);
    if (faults.length > 0) return;
    sent.current = v;
    try {
      await mutateAsync({ quoteId: q.id, revision: q.revision, lines: wishes, discount: s.discount, head: { ...(q.head?.address ? { address: q.head.address } : {}), ...(q.head?.region ? { region: q.head.region } : {}), ...said(s.head) } });
      setPriced(keys);
      setError(undefined);
    } catch (e) {
      setError({ error: e, keys });
    }
  }, [mutateAsync]);
  useEffect(() => {
    if (version === 0 || save.isPending || sent.current === version) return undefined;
    const timer = setTimeout(send, WAIT_MS);
    return () => clearTimeout(timer);
  }, [version, save.isPending, send]);
  const change = (make: (s: State) => State) => {
    setState(make);
    setVersion((v) => v + 1);
  };
  const refusal = error && refusalOf(error.error);
  const line = refusal && lineOf(refusal.message);
  const at = line && error.keys[line.at];
  const isOfHead = refusal?.field?.startsWith('head.') || refusal?.field?.startsWith('lines.head.');
  const headField = isOfHead ? refusal?.field?.split('.').pop() : undefined;
  return {
    ...state, priced,
    faults: wishesOf(state.drafts).faults,
    isSaving: save.isPending || (version > 0 && sent.current !== version && wishesOf(state.drafts).faults.length === 0),
    isOld: error !== undefined && isConflict(error.error),
    headProblem: headField && refusal ? { field: headField, text: line?.text ?? refusal.message } : undefined,
    lineProblem: at !== undefined && line && !headField ? { key: at, text: line.text } : undefined,
    trouble: refusal && at === undefined && !headField ? refusal.message : undefined,
    set: (key: number, one: Partial<Draft>) => change((s) => ({ ...s, drafts: s.drafts.map((d) => (d.key === key ? { ...d, ...one } : d)) })),
    add: () => setState((s) => ({ ...s, drafts: [...s.drafts, emptyLine(next.current++)] })),
    remove: (key: number) => change((s) => ({ ...s, drafts: s.drafts.length > 1 ? s.drafts.filter((d) => d.key !== key) : [emptyLine(next.current++)] })),
    setHead: (one: Partial<Head>) => change((s) => ({ ...s, head: { ...s.head, ...one } })),
    setDiscount: (discount: bigint) => discount !== state.discount && change((s) => ({ ...s, discount })),
    reload: async () => {
      const fresh = (await cache.fetchQuery({ ...quoteQuery(quote.id), staleTime: 0 })).quote;
      if (!fresh) return;
      setState(stateOf(fresh));
      setPriced(fresh.lines.map((_, i) => i));
      setError(undefined);
    },
  };
}
