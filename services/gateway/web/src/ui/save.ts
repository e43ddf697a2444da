// What the page has made is kept as a file of the reader's.
export function saveFile(name: string, text: string, type: string) {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(new Blob([text], { type }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 1000);
}

// What a spreadsheet takes for a formula, blanks in front or not.
export const FORMULA = /^\s*[=+\-@\t\r]/;
