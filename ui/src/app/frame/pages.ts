import { LayoutDashboard, type LucideIcon, Plug, Settings } from 'lucide-react';

interface Page {
  to: '/' | '/connections' | '/settings';
  label: string;
  icon: LucideIcon;
}

/** The pages that exist. */
export const PAGES: readonly Page[] = [
  { to: '/', label: 'Dashboard', icon: LayoutDashboard },
  { to: '/connections', label: 'Connections', icon: Plug },
  { to: '/settings', label: 'Settings', icon: Settings },
];
