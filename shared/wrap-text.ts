/**
 * Lines of at most `width` columns, broken between words: `first` in front of the first, the others indented. A longer word
 * has its line to itself.
 */
export function wrapText(
  text: string,
  { first, indent, width = 80 }: { first: string; indent: number; width?: number },
): string[] {
  const lines: string[] = [];
  let line = first;
  let isFresh = true;
  for (const word of text.split(' ')) {
    if (!isFresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line];
}
