/* SPDX-License-Identifier: Apache-2.0 */
/* How pages look. The path says which version it is, so that it may be kept for good. */
#include <stdio.h>

#include "server/ident.h"
#include "server/page.h"

static const char style[] =
    ":root{--ink:#1c2430;--soft:#566170;--line:#cfd6df;--paper:#fff;--wash:#f3f5f8;--mark:#0b5394;"
    "--bad:#a3161a;--warn:#8a4b00;color-scheme:light}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--wash);color:var(--ink);font:16px/1.55 system-ui,"
    "\"Noto Sans CJK SC\",\"Noto Sans SC\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif}\n"
    "header{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 1.2rem;"
    "background:var(--ink);color:#fff}\n"
    "header p{margin:0}header a{color:#fff}\n"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:.5rem;top:.5rem;padding:.3rem .6rem;"
    "background:#fff;color:var(--mark)}\n"
    ".simulated{margin:0;padding:.4rem 1.2rem;background:#ffe9b8;border-bottom:2px solid #b97700;"
    "color:#4d3200;font-weight:600}\n"
    "nav{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.4rem "
    "1rem;"
    "padding:.2rem 1.2rem;background:var(--paper);border-bottom:1px solid var(--line)}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:0 .2rem;margin:0;padding:0;list-style:none}\n"
    "nav a{display:block;padding:.55rem .7rem;color:var(--ink);text-decoration:none;"
    "border-bottom:3px solid transparent}\n"
    "nav a:hover{border-color:var(--line)}nav a[aria-current]{border-color:var(--mark);"
    "color:var(--mark);font-weight:600}\n"
    "main{max-width:76rem;margin:0 auto;padding:1rem 1.2rem 3rem}\n"
    "h1{font-size:1.5rem;margin:.6rem 0 1rem}h2{font-size:1.15rem;margin:1.8rem 0 .6rem}\n"
    "a{color:var(--mark)}a:focus-visible,button:focus-visible,input:focus-visible,"
    "select:focus-visible,.scroll:focus-visible{outline:3px solid #f2a900;outline-offset:2px}\n"
    ".scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line)}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{padding:.45rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid "
    "var(--line)}\n"
    ".time,button{white-space:nowrap}.long{min-width:12rem;overflow-wrap:anywhere}\n"
    "td{min-width:4.5rem}th{white-space:nowrap;background:#e8ecf2;font-weight:600}\n"
    "tbody tr:last-child>*{border-bottom:0}tbody tr:hover{background:#f7f9fc}\n"
    "tr.bad td{background:#fdecec}\n"
    "dl{display:grid;grid-template-columns:14rem 1fr;margin:0;"
    "background:var(--paper);border:1px solid var(--line)}\n"
    "dt,dd{margin:0;padding:.4rem .7rem;border-bottom:1px solid var(--line);"
    "overflow-wrap:anywhere}dt{color:var(--soft);background:var(--wash)}\n"
    "dt:last-of-type,dd:last-of-type{border-bottom:0}\n"
    "code{font:.9em ui-monospace,\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere}\n"
    "label{display:block;margin:.6rem 0 .2rem;font-weight:600}\n"
    "input,select{font:inherit;padding:.4rem .5rem;border:1px solid #7d8896;border-radius:3px;"
    "background:#fff;color:inherit;max-width:100%}\n"
    "button{font:inherit;padding:.4rem 1rem;border:1px solid var(--mark);border-radius:3px;"
    "background:var(--mark);color:#fff;cursor:pointer}button:hover{filter:brightness(1.15)}\n"
    "button.bad{background:var(--bad);border-color:var(--bad)}\n"
    "nav button,td button{padding:.15rem .6rem;background:#fff;color:var(--mark)}\n"
    "nav form,td form{margin:0;display:inline}\n"
    ".panel{margin:1rem 0;padding:.4rem 1rem 1rem;background:var(--paper);border:1px solid "
    "var(--line)}.narrow{max-width:26rem}.narrow input{width:100%}\n"
    ".find{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:end;margin:0 0 1rem}"
    ".find label{margin:0 0 .2rem}\n"
    ".done,.wrong{padding:.6rem 1rem;border-left:5px solid #1c7a3d;background:#e6f5ea}\n"
    ".wrong{border-color:var(--bad);background:#fdecec}\n"
    ".late{color:var(--bad);font-weight:700}.soon{color:var(--warn);font-weight:700}\n"
    ".small{color:var(--soft);font-size:.87rem}\n"
    ".pages{display:flex;flex-wrap:wrap;gap:1.2rem;margin:1rem 0}.wide{width:100%}\n"
    ".documents{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:1rem}\n"
    "figure{margin:0;padding:.6rem;background:var(--paper);border:1px solid var(--line)}\n"
    "figure img{display:block;width:100%;height:14rem;object-fit:contain;background:var(--wash)}\n"
    "figcaption{margin-top:.4rem}\n"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}dt{border-bottom:0}}\n";

const char *bk_style_text(void)
{
    return style;
}

void bk_style_path(char path[BK_STYLE_PATH])
{
    char hash[65] = "";
    if (bk_sha256_hex(style, sizeof style - 1, hash) != BK_OK)
        *hash = 0; /* it is found by any name, only not kept as long */
    (void)snprintf(path, BK_STYLE_PATH, "/style/%.16s.css", hash);
}
