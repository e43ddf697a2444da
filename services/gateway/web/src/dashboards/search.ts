// What is looked at of dashboards, as it stands in the address.
export interface BoardSearch {
  board?: string;
  // Whose figures, with all below; absent: as the server has it for whoever asks.
  user?: string;
}

const ID = /^[0-9a-f-]{36}$/;

export function checkBoardSearch(search: { [name: string]: unknown }): BoardSearch {
  const id = (name: 'board' | 'user') => (typeof search[name] === 'string' && ID.test(search[name]) ? { [name]: search[name] } : {});
  return { ...id('board'), ...id('user') };
}
