import { html, svg, type TemplateResult } from "lit";
import {
  Activity,
  ArrowLeft,
  BookOpen,
  Bot,
  Check,
  ChartLine,
  ChevronDown,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  Copy,
  Download,
  Ellipsis,
  ExternalLink,
  Eye,
  File,
  House,
  Inbox,
  KeyRound,
  Link,
  LogOut,
  Menu,
  MessageSquare,
  Moon,
  Pencil,
  Play,
  Plug,
  Plus,
  RefreshCw,
  RotateCcw,
  ScrollText,
  Search,
  Share2,
  ShieldAlert,
  Sparkles,
  Trash2,
  TriangleAlert,
  Undo2,
  Upload,
  User,
  Users,
  Wrench,
  X,
} from "lucide";

const ICONS = {
  activity: Activity,
  back: ArrowLeft,
  book: BookOpen,
  assistant: Bot,
  chart: ChartLine,
  check: Check,
  down: ChevronDown,
  right: ChevronRight,
  alert: CircleAlert,
  done: CircleCheck,
  help: CircleHelp,
  copy: Copy,
  download: Download,
  more: Ellipsis,
  outside: ExternalLink,
  eye: Eye,
  file: File,
  home: House,
  inbox: Inbox,
  key: KeyRound,
  link: Link,
  leave: LogOut,
  menu: Menu,
  chat: MessageSquare,
  moon: Moon,
  edit: Pencil,
  play: Play,
  server: Plug,
  plus: Plus,
  reload: RefreshCw,
  restore: RotateCcw,
  log: ScrollText,
  search: Search,
  share: Share2,
  shield: ShieldAlert,
  sparkles: Sparkles,
  remove: Trash2,
  warning: TriangleAlert,
  undo: Undo2,
  upload: Upload,
  person: User,
  people: Users,
  tool: Wrench,
  close: X,
} as const;

export type IconName = keyof typeof ICONS;

/** Decoration: what it stands beside says the same in words. */
export function icon(name: IconName, size = 16): TemplateResult {
  const parts = ICONS[name].map(([tag, given]) => {
    const { d, cx, cy, r, x, y, width, height, rx, x1, x2, y1, y2, points } = given as Readonly<Record<string, string>>;
    if (tag === "path") return svg`<path d=${d!}></path>`;
    if (tag === "circle") return svg`<circle cx=${cx!} cy=${cy!} r=${r!}></circle>`;
    if (tag === "rect") return svg`<rect x=${x ?? 0} y=${y ?? 0} width=${width!} height=${height!} rx=${rx ?? 0}></rect>`;
    if (tag === "line") return svg`<line x1=${x1!} x2=${x2!} y1=${y1!} y2=${y2!}></line>`;
    return svg`<polyline points=${points ?? ""}></polyline>`;
  });
  return html`<svg class="icon" aria-hidden="true" width=${size} height=${size} viewBox="0 0 24 24">${parts}</svg>`;
}
