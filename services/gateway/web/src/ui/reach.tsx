// Ways to reach somebody; links only to what can be nothing else.
import { Button, Group } from '@mantine/core';
import { useTranslation } from '../i18n/words';
import { Icon, type IconName } from './icons';

interface Reachable {
  phone?: string;
  mobilePhone?: string;
  email?: string;
  website?: string;
}

export function waysTo(r: Reachable): { kind: 'call' | 'email' | 'website'; icon: IconName; href: string }[] {
  const number = (r.mobilePhone || r.phone || '').replace(/[^+\d]/g, '');
  return [
    ...(number ? [{ kind: 'call' as const, icon: 'phone' as const, href: `tel:${number}` }] : []),
    ...(r.email ? [{ kind: 'email' as const, icon: 'mail' as const, href: `mailto:${encodeURIComponent(r.email).replace('%40', '@')}` }] : []),
    ...(/^https?:\/\//i.test(r.website ?? '') ? [{ kind: 'website' as const, icon: 'web' as const, href: r.website ?? '' }] : []),
  ];
}

export function Reach({ of, onUse }: { of: Reachable; onUse?: (kind: string) => void }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" mb="md">
      {waysTo(of).map(({ kind, icon, href }) => (
        <Button key={kind} component="a" href={href} rel="noreferrer noopener" target={kind === 'website' ? '_blank' : undefined} variant="default" size="xs"
          leftSection={<Icon name={icon} size={15} />} onClick={() => onUse?.(kind)}>{t(`reach.${kind}`)}</Button>
      ))}
    </Group>
  );
}
