// What a sales call needs and nobody knows yet is asked of whoever holds the lead.
import { Alert, Button, Stack, TextInput, Title } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import type { Lead } from '../gen/baton/v1/leads_pb';
import { useUpdateLead } from './data';
import { putField } from './logic';
import style from './leads.module.css';

const NUMBERS = ['number_of_employees', 'annual_revenue'];

export function Missing({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const update = useUpdateLead();
  const refusal = update.error ? refusalOf(update.error) : undefined;
  const isAt = (field: string) => refusal?.field?.replace(/^lead\./, '') === field.replace(/_(.)/g, (_, c: string) => c.toUpperCase());
  if (lead.missing.length === 0) return null;
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = {};
    for (const [field, text] of new FormData(event.currentTarget)) {
      const typed = String(text).trim();
      if (typed) putField(values, field, NUMBERS.includes(field) ? BigInt(typed.replace(/\D/g, '') || '0') : typed);
    }
    update.mutate({ lead, values });
  };
  return (
    <section className={style.section}>
      <Title order={3}>{t('leads.missing', { count: lead.completeness })}</Title>
      <form onSubmit={save} data-missing>
        <Stack gap="xs">
          {lead.missing.map((field) => (
            <TextInput key={field} size="xs" name={field} label={t(`field.${field.replace('.', '_')}`)} inputMode={NUMBERS.includes(field) ? 'numeric' : undefined}
              error={isAt(field) ? refusal?.message : undefined} errorProps={{ role: 'alert' }} />
          ))}
          {refusal && !lead.missing.some(isAt) && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Button type="submit" size="xs" variant="light" loading={update.isPending}>{t('save')}</Button>
        </Stack>
      </form>
    </section>
  );
}
