// The calendar: days, weeks and months of one person, what is planned anew where it is clicked, and moved where it is dragged.
import '@mantine/dates/styles.layer.css';
import '@mantine/schedule/styles.layer.css';
import { Anchor, Button, Group, Modal, NumberInput, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { Schedule, type ScheduleEventData } from '@mantine/schedule';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import 'dayjs/locale/zh-tw';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { contacts } from '../api/customers';
import { recordQuery, useCreate, useDelete, useUpdate } from '../api/records';
import { PersonInput } from '../customers/value';
import { ActivityKind, ActivityStatus, type Occurrence } from '../gen/baton/v1/contacts_pb';
import { msOf, timestampOf, useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { usePhone } from '../ui/phone';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { dayText, eventOf, msOfLocal, rangeOf } from './logic';
import { type View, VIEWS } from './search';
import style from './calendar.module.css';

const HOUR_MS = 3_600_000;
const stamp = (ms: number) => create(TimestampSchema, timestampOf(ms));
const KINDS = [ActivityKind.MEETING, ActivityKind.CALL, ActivityKind.TASK];
const field = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function Plan({ from, until, owner, close }: { from: number; until: number; owner: string; close: () => void }) {
  const { t } = useTranslation();
  const make = useCreate('activity');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const start = new Date(String(said.get('start'))).getTime();
    make.mutate({
      kind: Number(said.get('kind')), subject: String(said.get('subject')).trim(), location: String(said.get('location')).trim() || undefined, ownerId: owner,
      startAt: stamp(start), endAt: stamp(start + (Number(said.get('minutes')) || 30) * 60_000), reminderMinutes: [10],
    }, { onSuccess: close, onError: complain });
  };
  return (
    <Modal opened onClose={close} title={t('calendar.plan')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="subject" label={t('composer.subject')} required withAsterisk={false} maxLength={400} data-autofocus />
          <Select name="kind" label={t('calendar.kind')} allowDeselect={false} defaultValue={String(ActivityKind.MEETING)} data={KINDS.map((k) => ({ value: String(k), label: t(`activityKind.${k}`) }))} />
          <Group grow><TextInput name="start" type="datetime-local" label={t('composer.start')} defaultValue={field(from)} required withAsterisk={false} />
            <NumberInput name="minutes" label={t('composer.minutes')} defaultValue={Math.round((until - from) / 60_000)} min={5} max={1440} /></Group>
          <TextInput name="location" label={t('calendar.location')} maxLength={400} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={make.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Look({ occurrence, close }: { occurrence: Occurrence; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(recordQuery('activity', occurrence.activityId));
  const update = useUpdate('activity', (_, now) => toast({ title: t('conflict.fresh', { name: now.subject }), kind: 'bad' }));
  const remove = useDelete('activity');
  const isDone = data?.status === ActivityStatus.DONE;
  return (
    <Modal opened onClose={close} title={occurrence.subject || t('calendar.busy')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm">{t(`activityKind.${occurrence.kind}`)} · {format.moment(occurrence.startAt)}{occurrence.endAt && ` – ${format.clock(msOf(occurrence.endAt))}`}</Text>
      {occurrence.location && <Text size="sm">{occurrence.location}</Text>}
      {data === undefined && <Skeleton height={20} mt="xs" />}
      {data?.description && <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-wrap' }}>{data.description}</Text>}
      <Group mt="xs">
        {data?.accountId && <Anchor component={Link} to="/accounts/$id" params={{ id: data.accountId } as never}>{t('calendar.account')}</Anchor>}
        {data?.contactId && <Anchor component={Link} to="/contacts/$id" params={{ id: data.contactId } as never}>{t('calendar.contact')}</Anchor>}
      </Group>
      {data && (
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => {
            remove.mutate({ id: data.id });
            close();
          }}>{t('delete')}</Button>
          <Button onClick={() => {
            update.mutate({ id: data.id, revision: data.revision, values: { status: isDone ? ActivityStatus.PLANNED : ActivityStatus.DONE } });
            close();
          }}>{t(isDone ? 'calendar.again' : 'calendar.done')}</Button>
        </Group>
      )}
    </Modal>
  );
}

function useLabels() {
  const { t } = useTranslation();
  return useMemo(() => ({
    day: t('calendar.day'), week: t('calendar.week'), month: t('calendar.month'), year: t('calendar.year'), allDay: t('calendar.allDay'), weekday: t('calendar.weekday'),
    timeSlot: t('calendar.timeSlot'), today: t('calendar.today'), next: t('calendar.next'), previous: t('calendar.previous'), more: t('more'), agenda: t('calendar.agenda'),
    selectMonth: t('calendar.month'), selectYear: t('calendar.year'), switchToDayView: t('calendar.day'), switchToWeekView: t('calendar.week'),
    switchToMonthView: t('calendar.month'), switchToYearView: t('calendar.year'), viewSelectLabel: t('calendar.view'), noEvents: t('calendar.none'),
    moreLabel: (count: number) => t('calendar.more', { count }),
  }), [t]);
}

export function CalendarPage() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const isPhone = usePhone();
  const search = useSearch({ from: '/calendar' });
  const navigate = useNavigate({ from: '/calendar' });
  const view: View = search.view ?? (isPhone ? 'day' : 'week');
  const date = search.date ?? dayText(Date.now());
  const who = search.who ?? me.user.id;
  const [from, until] = useMemo(() => rangeOf(date, view), [date, view]);
  const asked = useQuery({
    queryKey: ['calendar', who, from, until],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => contacts.listOccurrences({ ownerId: who, from: stamp(from), until: stamp(until) }, { signal }),
  });
  const [plan, setPlan] = useState<[number, number]>();
  const [looked, setLooked] = useState<Occurrence>();
  const update = useUpdate('activity', (_, now) => toast({ title: t('conflict.fresh', { name: now.subject }), kind: 'bad' }));
  const events = useMemo(() => (asked.data?.occurrences ?? []).map((o) => eventOf(o, t('calendar.busy'))), [asked.data, t]);
  const show = (change: object) => navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const move = ({ event, newStart, newEnd }: { event: ScheduleEventData; newStart: string; newEnd: string }) =>
    update.mutate({ id: event.payload?.occurrence.activityId, values: { startAt: stamp(msOfLocal(newStart)), endAt: stamp(msOfLocal(newEnd)) } }, { onSettled: () => asked.refetch() });
  const canMove = (event: ScheduleEventData) => who === me.user.id && event.payload?.canMove === true;
  const soon = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  useCommands([
    { id: 'new', group: t('nav.calendar'), label: t('calendar.plan'), keys: 'c', icon: <Icon name="plus" />, run: () => setPlan([soon, soon + HOUR_MS / 2]) },
    { id: 'today', group: t('nav.calendar'), label: t('calendar.today'), run: () => show({ date: undefined }) },
    ...(['day', 'week', 'month'] as const).map((v) => ({ id: `view.${v}`, group: t('nav.calendar'), label: t(`calendar.${v}`), keys: v === 'day' ? '1' : v === 'week' ? '2' : '3', run: () => show({ view: v }) })),
  ]);
  const head = { viewSelectProps: { views: VIEWS } };
  const hours = { ...head, startTime: '06:00:00', endTime: '22:00:00', intervalMinutes: 30, slotHeight: 52, highlightToday: true };
  return (
    <div className={style.page}>
      <Group className={style.bar} gap="sm">
        <Title order={1}>{t('nav.calendar')}</Title>
        <div className={style.who}><PersonInput size="xs" placeholder={t('calendar.whose')} value={who === me.user.id ? '' : who} onChange={(id) => show({ who: id || undefined })} /></div>
        <span style={{ flex: 1 }} />
        <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setPlan([soon, soon + HOUR_MS / 2])}>{t('calendar.plan')}</Button>
      </Group>
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      <div className={style.body} aria-busy={asked.isPending}>
        <Schedule date={date} onDateChange={(d) => show({ date: d })} view={view} onViewChange={(v) => show({ view: v === 'year' ? 'month' : v })} events={events}
          locale={i18n.language === 'zh-Hant' ? 'zh-tw' : 'en'} labels={useLabels()} withAgenda withEventsDragAndDrop withEventResize canDragEvent={canMove} canResizeEvent={canMove}
          onEventDrop={move} onEventResize={move} onEventClick={(event) => setLooked(event.payload?.occurrence)} withDragSlotSelect
          onTimeSlotClick={({ slotStart, slotEnd }) => setPlan([msOfLocal(slotStart), msOfLocal(slotEnd)])} onSlotDragEnd={(a, b) => setPlan([msOfLocal(a), msOfLocal(b)])}
          onDayClick={(d) => show({ date: d, view: 'day' })} dayViewProps={hours} weekViewProps={{ ...hours, withWeekNumber: false }} monthViewProps={head} />
      </div>
      {plan && <Plan from={plan[0]} until={plan[1]} owner={who} close={() => setPlan(undefined)} />}
      {looked && <Look occurrence={looked} close={() => setLooked(undefined)} />}
    </div>
  );
}
