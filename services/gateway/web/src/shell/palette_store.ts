// Whether the palette is open: it may be asked for before it is loaded.
import { createSpotlight } from '@mantine/spotlight';

const [store, palette] = createSpotlight();

export { store };
export const openPalette = () => palette.open();
