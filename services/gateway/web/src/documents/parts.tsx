// Small things that lists and pages of documents have in common.
import { Badge } from '@mantine/core';
import { useTranslation } from '../i18n/words';
import { DocumentStatus, RevisionStatus } from '../gen/baton/v1/documents_pb';
import { useFormat } from '../i18n/format';
import { msOfDay, type Next } from './logic';
import style from './documents.module.css';

export function Mark({ color, text }: { color: 'baton' | 'red' | 'yellow' | 'gray'; text: string }) {
  return <Badge size="sm" variant={color === 'gray' ? 'outline' : 'light'} color={color} tt="none" c={color === 'gray' ? 'inherit' : color === 'yellow' ? 'var(--amber)' : undefined} style={{ flex: 'none' }}>{text}</Badge>;
}

export function StatusBadge({ status }: { status: DocumentStatus }) {
  const { t } = useTranslation();
  return <Mark color={status === DocumentStatus.ACTIVE ? 'baton' : status === DocumentStatus.EXPIRED ? 'red' : 'gray'} text={t(`documents.status.${status}`)} />;
}

const COLOR: { [status: number]: 'baton' | 'red' | 'yellow' } = {
  [RevisionStatus.CURRENT]: 'baton', [RevisionStatus.APPROVED]: 'baton', [RevisionStatus.REJECTED]: 'red', [RevisionStatus.IN_REVIEW]: 'yellow',
};

export function RevisionBadge({ status }: { status: RevisionStatus }) {
  const { t } = useTranslation();
  return <Mark color={COLOR[status] ?? 'gray'} text={t(`documents.revisionStatus.${status}`)} />;
}

export function NextDay({ next }: { next?: Next }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!next) return null;
  return <span className={next.isUrgent ? style.urgent : undefined}>{t(`documents.day.${next.day}`)} {format.day(msOfDay(next.on))}</span>;
}
