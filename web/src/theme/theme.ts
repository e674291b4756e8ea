import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Tooltip,
} from '@mantine/core';
import { dark, light, type Scheme, scales } from './palette';

/** Control heights in px by our own size names; `md` is the default of the desk. */
const control = {
  sm: { height: '24px', pad: '8px', font: '12px' },
  md: { height: '28px', pad: '10px', font: '13px' },
  bar: { height: '32px', pad: '12px', font: '13px' },
  touch: { height: '48px', pad: '16px', font: '15px' },
} as const;

function controlVars(size: unknown) {
  const picked = control[String(size ?? 'md') as keyof typeof control] ?? control.md;
  return {
    root: {
      '--button-height': picked.height,
      '--button-padding-x': picked.pad,
      '--button-fz': picked.font,
    },
  };
}

const colors = Object.fromEntries(
  Object.entries(scales).map(([name, shades]) => [name, shades as unknown as MantineColorsTuple]),
);

export const theme = createTheme({
  colors,
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  fontFamily:
    '"Inter Variable", "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '17px' },
  lineHeights: { xs: '14px', sm: '16px', md: '18px', lg: '20px', xl: '22px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '20px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '15px', lineHeight: '20px' } } },
  components: {
    Button: Button.extend({
      defaultProps: { variant: 'default' },
      vars: (_theme, props) => controlVars(props.size),
    }),
    Input: Input.extend({
      vars: () => ({
        wrapper: { '--input-height': '32px', '--input-fz': '13px', '--input-padding': '10px' },
      }),
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: false,
        yOffset: '12vh',
        radius: 'lg',
        padding: 'lg',
        transitionProps: { duration: 90 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 90 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 250,
        withinPortal: true,
        multiline: true,
        maw: 360,
        transitionProps: { duration: 90 },
      },
    }),
  },
});

function variables(scheme: Scheme): Record<string, string> {
  const own = Object.fromEntries(Object.entries(scheme).map(([name, value]) => [`--d-${name}`, value]));
  return {
    ...own,
    '--mantine-color-body': 'var(--d-app)',
    '--mantine-color-text': 'var(--d-text)',
    '--mantine-color-dimmed': 'var(--d-text-faint)',
    '--mantine-color-placeholder': 'var(--d-text-faint)',
    '--mantine-color-error': 'var(--d-bad-text)',
    '--mantine-color-anchor': 'var(--d-accent-text)',
    '--mantine-color-default': 'var(--d-panel)',
    '--mantine-color-default-hover': 'var(--d-hover)',
    '--mantine-color-default-color': 'var(--d-text)',
    '--mantine-color-default-border': 'var(--d-line-strong)',
    '--mantine-primary-color-filled': 'var(--d-accent-fill)',
    '--mantine-color-iris-filled': 'var(--d-accent-fill)',
    '--mantine-color-iris-filled-hover': 'var(--d-accent-fill)',
    '--mantine-shadow-md': 'var(--d-shadow-popover)',
    '--mantine-shadow-xl': 'var(--d-shadow-modal)',
  };
}

/** Puts every colour of the palette on the page as `--d-<name>`, and makes Mantine's own parts use them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(light),
  dark: variables(dark),
});
