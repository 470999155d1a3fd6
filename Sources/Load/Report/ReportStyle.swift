/// How the page looks, in light and in dark.
enum ReportStyle {
    static let sheet = """
        :root{color-scheme:light dark;--ground:#fff;--panel:#f6f7f9;--text:#1b1f24;--faint:#667080;--grid:#dfe3e8;--good:#1a7f4b;--bad:#c02b2b;
        --cache:#1f6fd6;--table:#d9730d;--stale:#b3261e;--absent:#8a93a0;--write:#1a8a5a;--delete:#8250c4;--all:#1b1f24}
        @media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1d2126;--text:#e6e9ed;--faint:#98a2b0;--grid:#31373f;--good:#4cc38a;--bad:#ff7b72;
        --cache:#5ea3ff;--table:#f5a14f;--stale:#ff7b72;--absent:#8a93a0;--write:#4cc38a;--delete:#b392f0;--all:#e6e9ed}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1360px;padding:24px;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
        h1{font-size:22px;margin:0}
        p{margin:4px 0 20px;color:var(--faint)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-bottom:20px}
        .tiles div{background:var(--panel);border-radius:8px;padding:12px 16px}
        .tiles b{display:block;font-size:24px;font-variant-numeric:tabular-nums}
        .tiles span,figcaption,.tick{color:var(--faint)}
        .good{color:var(--good)}.bad{color:var(--bad)}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr));gap:16px}
        figure{margin:0;background:var(--panel);border-radius:8px;padding:12px 16px}
        figcaption b{color:var(--text)}
        svg{display:block;width:100%;height:auto}
        .grid{stroke:var(--grid);stroke-width:1}
        .tick{font-size:11px;fill:var(--faint)}
        .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke:currentColor}
        .line.dashed{stroke-dasharray:5 4;stroke-width:1.5}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px}
        .legend i{display:inline-block;width:18px;margin-right:6px;vertical-align:middle;border-top:3px solid currentColor}
        .cache{color:var(--cache)}.table{color:var(--table)}.stale{color:var(--stale)}.absent{color:var(--absent)}
        .write{color:var(--write)}.delete{color:var(--delete)}.all{color:var(--all)}
        .wide{overflow-x:auto;margin-top:20px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;min-width:100%}
        th,td{padding:6px 12px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
        th:first-child,td:first-child{text-align:left}
        th{color:var(--faint);font-weight:500}
        """
}
