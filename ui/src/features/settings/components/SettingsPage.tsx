import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NotFoundPage } from '@/components/NotFoundPage.tsx';
import { PageHead } from '@/components/PageHead.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { SECTIONS, type SectionName } from '../sections.ts';
import { KeysSection } from './KeysSection.tsx';
import { LogSection } from './LogSection.tsx';
import { MembersSection } from './MembersSection.tsx';
import { WorkspaceSection } from './WorkspaceSection.tsx';
import { YouSection } from './YouSection.tsx';

const PARTS: Record<SectionName, () => ReactNode> = {
  workspace: WorkspaceSection,
  members: MembersSection,
  you: YouSection,
  keys: KeysSection,
  log: LogSection,
};

/** The workspace, its people and keys, and oneself; a section to an address. */
export function SettingsPage() {
  const { workspace } = useMe();
  const { section } = useParams({ from: '/signed-in/settings/$section' });
  const known = SECTIONS.find(({ name }) => name === section);
  if (!known) return <NotFoundPage />;
  const Part = PARTS[known.name];
  return (
    <>
      <PageHead title={`Settings: ${known.label}`} place={workspace.name} />
      <div className="mx-auto flex w-full max-w-270 flex-col gap-4 px-3 py-4 sm:px-5 sm:py-6 lg:flex-row lg:gap-8 lg:px-7">
        <nav aria-label="Settings" className="lg:w-44 lg:shrink-0">
          <ul className="flex flex-wrap gap-1 lg:sticky lg:top-20 lg:flex-col">
            {SECTIONS.map(({ name, label, icon: Icon }) => (
              <li key={name}>
                <Link
                  to="/settings/$section"
                  params={{ section: name }}
                  className="flex h-9 items-center gap-2 rounded-lg px-2.5 font-medium text-[13px] text-soft hover:bg-hover data-[status=active]:bg-accent-soft data-[status=active]:text-accent"
                >
                  <Icon aria-hidden="true" size={16} className="shrink-0" />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex min-w-0 flex-1 flex-col gap-5">
          <Part />
        </div>
      </div>
    </>
  );
}
