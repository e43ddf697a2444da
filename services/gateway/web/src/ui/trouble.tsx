// Something could not be had: what, and to try again. What is there already stays in sight.
import { Alert, Button } from '@mantine/core';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';

export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="light" m="md" role="alert" title={refusalOf(error).message}>
      {again && <Button size="xs" variant="default" onClick={again}>{t('tryAgain')}</Button>}
    </Alert>
  );
}
