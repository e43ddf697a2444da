// A lead that becomes a customer: an account, a person and, unless it is too early, a deal.
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { Lead } from '../gen/baton/v1/leads_pb';
import type { Amount } from '../i18n/money';
import { MoneyInput } from '../opportunities/fields';
import { leadName } from './logic';

export interface Conversion {
  opportunityName?: string;
  amount?: Amount;
  withoutOpportunity: boolean;
}

interface ConvertProps {
  lead: Lead;
  close: () => void;
  send: (lead: Lead, conversion: Conversion) => void;
}

export function Convert({ lead, close, send }: ConvertProps) {
  const { t } = useTranslation();
  const [name, setName] = useState([lead.productInterest, lead.company || leadName(lead)].filter(Boolean).join(', '));
  const [amount, setAmount] = useState<Amount>();
  const [isEarly, setEarly] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(lead, isEarly ? { withoutOpportunity: true } : { opportunityName: name.trim() || undefined, amount, withoutOpportunity: false });
    close();
  };
  return (
    <Modal opened onClose={close} title={t('leads.convertTitle', { name: leadName(lead) })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('leads.convertText')}</Text>
          <TextInput data-autofocus label={t('leads.dealName')} maxLength={200} autoComplete="off" value={name} disabled={isEarly} onChange={(event) => setName(event.currentTarget.value)} />
          {!isEarly && <MoneyInput label={t('deals.field.amount')} value={amount} onChange={setAmount} />}
          <Checkbox label={t('leads.withoutDeal')} checked={isEarly} onChange={(event) => setEarly(event.currentTarget.checked)} />
        </Stack>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>{t('cancel')}</Button>
          <Button type="submit">{t('leads.convert')} <kbd style={{ marginLeft: 8 }}>Enter</kbd></Button>
        </Group>
      </form>
    </Modal>
  );
}
