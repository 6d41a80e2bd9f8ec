import { LayoutDashboard, type LucideIcon } from 'lucide-react';

interface Page {
  to: '/';
  label: string;
  icon: LucideIcon;
}

/** The pages that exist. */
export const PAGES: readonly Page[] = [{ to: '/', label: 'Dashboard', icon: LayoutDashboard }];
