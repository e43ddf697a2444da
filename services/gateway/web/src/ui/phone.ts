// Where there is no room for a table.
import { useMediaQuery } from '@mantine/hooks';

export const usePhone = () => useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false;
