/** Where a click into code that is only text has set the caret: so many characters from its beginning; null if text was selected. */
export function caretIn(code: Element): number | null {
  const { isCollapsed, anchorNode, anchorOffset } = getSelection() ?? {};
  if (!isCollapsed || !anchorNode || !code.contains(anchorNode)) return null; // who selects text wants to copy it
  const before = document.createRange();
  before.setStart(code, 0);
  before.setEnd(anchorNode, anchorOffset ?? 0);
  return before.toString().length;
}
