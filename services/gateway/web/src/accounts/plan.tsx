// The plan of a key account as it is edited: who buys there and as what, goals, what service has to know, the next review.
import { ActionIcon, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { records, saveEdit } from '../api/records';
import { refusalOf } from '../api/refusal';
import { type AccountPlan, BuyerSchema, BuyingRole, type Contact } from '../gen/baton/v1/contacts_pb';
import { personName } from '../i18n/format';
import { useLive } from '../live/live';
import { Icon } from '../ui/icons';
import style from './key.module.css';

const ROLES = [BuyingRole.DECISION_MAKER, BuyingRole.INFLUENCER, BuyingRole.USER, BuyingRole.GATEKEEPER, BuyingRole.CHAMPION, BuyingRole.PURCHASER, BuyingRole.BLOCKER];

interface Row {
  contactId: string;
  role: BuyingRole;
}

function Buyers({ rows, contacts, set }: { rows: Row[]; contacts: Contact[]; set: (rows: Row[]) => void }) {
  const { t } = useTranslation();
  const people = contacts.map((c) => ({ value: c.id, label: personName(c) || c.email }));
  const known = new Set(people.map((p) => p.value));
  const change = (at: number, next: Partial<Row>) => set(rows.map((row, i) => (i === at ? { ...row, ...next } : row)));
  return (
    <fieldset className={style.fields}>
      <legend>{t('keyAccount.buyers')}</legend>
      {rows.map((row, i) => (
        <Group key={i} gap="xs" wrap="nowrap">
          <Select size="xs" className={style.grows} searchable allowDeselect={false} aria-label={t('keyAccount.who')} data={row.contactId && !known.has(row.contactId) ? [...people, { value: row.contactId, label: t('somebody') }] : people} value={row.contactId || null} onChange={(contactId) => change(i, { contactId: contactId ?? '' })} />
          <Select size="xs" className={style.grows} allowDeselect={false} aria-label={t('keyAccount.as')} data={ROLES.map((r) => ({ value: String(r), label: t(`keyAccount.role.${r}`) }))} value={String(row.role)} onChange={(r) => change(i, { role: Number(r) })} />
          <ActionIcon variant="subtle" color="gray" aria-label={t('keyAccount.remove', { n: i + 1 })} onClick={() => set(rows.filter((_, at) => at !== i))}><Icon name="close" size={15} /></ActionIcon>
        </Group>
      ))}
      {people.length === 0 ? <Text size="sm" c="dimmed">{t('customers.nobody')}</Text>
        : <Button size="compact-xs" variant="default" disabled={rows.length >= 50} onClick={() => set([...rows, { contactId: '', role: BuyingRole.DECISION_MAKER }])}>{t('keyAccount.add')}</Button>}
    </fieldset>
  );
}

export function PlanEdit({ accountId, plan, contacts, close }: { accountId: string; plan?: AccountPlan; contacts: Contact[]; close: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { changed } = useLive();
  const [buyers, setBuyers] = useState<Row[]>(() => (plan?.buyers ?? []).map(({ contactId, role }) => ({ contactId, role })));
  const save = useMutation({
    mutationFn: async (said: FormData) => {
      const text = (name: string) => String(said.get(name) ?? '').trim() || undefined;
      const values = { buyers: buyers.filter((b) => b.contactId).map((b) => create(BuyerSchema, b)), goals: text('goals'), serviceInformation: text('service'), nextReviewDate: text('review') };
      if (plan) await saveEdit('accountPlan', { id: plan.id, revision: plan.revision, values });
      else await records.createRecord({ record: { record: { case: 'accountPlan', value: { accountId, ...values } } } });
    },
    onSuccess: close,
    onSettled: () => {
      cache.invalidateQueries({ queryKey: ['keyAccount'] });
      changed('keyAccount');
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  };
  return (
    <Modal opened onClose={close} size="lg" title={t('keyAccount.plan')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Buyers rows={buyers} contacts={contacts} set={setBuyers} />
          <Textarea name="goals" label={t('keyAccount.goals')} autosize minRows={3} maxRows={12} maxLength={8000} defaultValue={plan?.goals} data-autofocus />
          <Textarea name="service" label={t('keyAccount.service')} autosize minRows={3} maxRows={12} maxLength={8000} defaultValue={plan?.serviceInformation} />
          <TextInput name="review" type="date" label={t('keyAccount.nextReview')} defaultValue={plan?.nextReviewDate} />
          {save.error && <Text size="sm" c="var(--late)" role="alert">{refusalOf(save.error).message}</Text>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={save.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
