// What signed in or rings, by how it calls itself: "Firefox Windows", "curl".
const BROWSERS: [RegExp, string][] = [[/\bEdg/, 'Edge'], [/\bOPR\//, 'Opera'], [/\b(Firefox|FxiOS)\//, 'Firefox'], [/\b(Chrome|CriOS)\//, 'Chrome'], [/\bSafari\//, 'Safari']];
const SYSTEM = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/;
const LONGEST = 40;

export function nameOfAgent(agent: string): string {
  const browser = BROWSERS.find(([like]) => like.test(agent))?.[1];
  const system = SYSTEM.exec(agent)?.[1] ?? '';
  return browser ? `${browser} ${system}`.trim() : agent.split(/[\s/]/)[0].slice(0, LONGEST);
}
