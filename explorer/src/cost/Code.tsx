/** Text as it was written, which scrolls by keyboard too. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
    <pre className="cost-code" role="group" aria-label={label} tabIndex={0}>
      {text}
    </pre>
  );
}
