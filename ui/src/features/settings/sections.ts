import { Building2, CircleUser, KeyRound, type LucideIcon, ScrollText, Users } from 'lucide-react';

export type SectionName = 'workspace' | 'members' | 'you' | 'keys' | 'log';

interface Section {
  name: SectionName;
  label: string;
  icon: LucideIcon;
}

export const SECTIONS: readonly Section[] = [
  { name: 'workspace', label: 'Workspace', icon: Building2 },
  { name: 'members', label: 'Members', icon: Users },
  { name: 'you', label: 'You', icon: CircleUser },
  { name: 'keys', label: 'API keys', icon: KeyRound },
  { name: 'log', label: 'Log', icon: ScrollText },
];
