// Lines on a grid of 24; they say nothing by themselves, so whatever shows one has a name of its own.
const PATHS = {
  inbox: 'M4 13h4l2 3h4l2-3h4M4 13l2.5-8h11L20 13v6H4z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6 9v-1a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v1m1-16a3.5 3.5 0 0 1 0 7m5 9v-1a5 5 0 0 0-3.5-4.7',
  building: 'M4 20V5l8-2v17m0-11 8 2v9M2.5 20h19M7 8h2M7 12h2M7 16h2m7-3h1m-1 4h1',
  pipeline: 'M4 5h4v14H4zm6 0h4v10h-4zm6 0h4v6h-4z',
  forecast: 'M4 19h16M5 15l4.500-5 4 3L19 6m0 0h-4m4 0v4',
  calendar: 'M5 5h14v15H5zM5 10h14M9 3v4m6-4v4',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 4.5 4.5',
  bell: 'M5 17h14l-2-3V10a5 5 0 0 0-10 0v4zm5 3h4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zm-7 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  out: 'M14 4h5v16h-5M4 12h11m-4-4 4 4-4 4',
  phone: 'M5 4h4l1.5 5L8 11a12 12 0 0 0 5 5l2-2.5 5 1.5v4a1.5 1.5 0 0 1-1.5 1.5A15.5 15.5 0 0 1 3.5 5.5 1.5 1.5 0 0 1 5 4z',
  mail: 'M4 6h16v12H4zm0 1 8 6 8-6',
  web: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3a14 14 0 0 1 0 18M12 3a14 14 0 0 0 0 18',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'm5 12.5 5 5L19 7',
  plus: 'M12 5v14M5 12h14',
  note: 'M6 4h12v11l-5 5H6zm7 16v-5h5M9 8h6M9 12h4',
  task: 'M5 5h14v14H5zm4 7 2.5 2.5L16 9.5',
  people2: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8a7 7 0 0 1 14 0',
  columns: 'M4 5h16v14H4zm5.3 0v14m5.4-14v14',
  filter: 'M4 5h16l-6 7.5V19l-4-2v-4.500z',
  upload: 'M12 16V5m-4 4 4-4 4 4M5 16v4h14v-4',
  download: 'M12 5v11m-4-4 4 4 4-4M5 16v4h14v-4',
  boxes: 'M4 12h7v8H4zm9 0h7v8h-7zM8.500 4h7v8h-7z',
  archive: 'M4 5h16v4H4zm1 4v10h14V9M10 13h4',
  route: 'M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm12-10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6 15V9a3 3 0 0 1 3-3h7M8 17h7a3 3 0 0 0 3-3V9',
  tag: 'M4 4h8l8 8-8 8-8-8zm4.500 4.500h.01',
  star: 'm12 4 2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8z',
  trash: 'M5 7h14M10 4h4m-7 3 1 13h8l1-13m-7 4v6m4-6v6',
  edit: 'm5 19 1-4L16 5l3 3L9 18z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-14v5l3.5 2',
  link: 'M10 14 20 4m-6 0h6v6M18 14v6H4V6h6',
  left: 'm14 6-6 6 6 6',
  right: 'm10 6 6 6-6 6',
  shield: 'M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6zm-3 9 2 2 4-4',
  users: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8a7 7 0 0 1 14 0',
  history: 'M4 12a8 8 0 1 1 2.5 5.800M4 19v-4h4m4-7v4l3 2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={name === 'more' ? 3 : 1.7}
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={PATHS[name]} /></svg>
  );
}

export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <rect width="16" height="16" rx="4" fill="#2b6e63" /><path d="M4.5 11.5 11.5 4.5" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
