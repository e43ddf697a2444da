// How Baton looks: Mantine's parts in its own colour, a little denser than they come.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const baton: MantineColorsTuple = [
  '#eaf6f3', '#d6e9e4', '#abd3c9', '#7dbcad', '#58a995', '#409d86', '#2f7a6b', '#2b6e63', '#215b51', '#124a41',
];

export const theme = createTheme({
  primaryColor: 'baton',
  colors: { baton },
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.35rem' }, h2: { fontSize: '1.1rem' }, h3: { fontSize: '0.95rem' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    Badge: { defaultProps: { tt: 'none' } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
  },
});

// Hints are to be read, too: WCAG asks for 4.5 to 1.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-error': '#c22222', '--mantine-color-dimmed': '#596168', '--mantine-color-placeholder': '#6b7279', '--paper': '#ffffff', '--ground': '#f5f7f7', '--line': '#dfe5e4', '--mark': '#e4f1ee', '--amber': '#9a5b00', '--late': '#c22222' },
  dark: { '--mantine-color-baton-light': '#1f3a35', '--mantine-color-error': '#ff8a8a', '--mantine-color-dimmed': '#a3adb3', '--mantine-color-placeholder': '#8b959b', '--paper': '#1d2123', '--ground': '#16191b', '--line': '#31383b', '--mark': '#1f3a35', '--amber': '#ffb454', '--late': '#ff8a8a' },
});
