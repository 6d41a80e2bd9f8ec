/** Says that something was done; read out when it appears. */
export function Saved({ children }: { children: string | false }) {
  return (
    <p role="status" className="text-[13px] text-good empty:hidden">
      {children}
    </p>
  );
}
