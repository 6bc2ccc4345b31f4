/* SPDX-License-Identifier: Apache-2.0 */
#include "server/page.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "server/ident.h"
#include "server/staff_session.h"

/* The prefix binds a cookie to this very host, and to https. */
#define SESSION "__Host-staff"
#define LANGUAGE "__Host-language"

const char *bk_say(const struct bk_req *req, const char *zh, const char *en)
{
    return req->lang == BK_LANG_ZH ? zh : en;
}

/* --- what stands around --- */

/* What there is in the staff's pages, and for whom. */
static const struct {
    const char *path, *zh, *en;
    unsigned roles;
} menu[] = {
    {"/admin/orders", "订单审核", "Reviews", BK_STAFF_REVIEWER},
    {"/admin/production", "制作", "Production", BK_STAFF_PRODUCER},
    {"/admin/keys", "密钥", "Keys", BK_STAFF_ALL},
    {"/admin/unlocks", "解锁申请", "Unlock requests", BK_STAFF_REVIEWER | BK_STAFF_AUDITOR},
    {"/admin/outbox", "未送达", "Dead letters", BK_STAFF_AUDITOR},
    {"/admin/audit", "审计日志", "Audit log", BK_STAFF_AUDITOR},
    {"/admin/account", "账户", "Account", BK_STAFF_ALL},
};

const char *bk_page_first(unsigned roles)
{
    size_t i = 0;
    while (!(menu[i].roles & roles) && i < sizeof menu / sizeof *menu - 1)
        i++;
    return menu[i].path;
}

bool bk_page_is_path(const char *path)
{
    return strncmp(path, "/admin", 6) == 0 && strlen(path) < 128 &&
           path[strspn(path,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-")] == 0;
}

static void put_menu(struct bk_page *page)
{
    const struct bk_req *req = page->req;
    bk_html(&page->html, "<nav aria-label=\"%s\"><ul>", bk_say(req, "主菜单", "Main menu"));
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
        size_t len = strlen(menu[i].path);
        bool here = strncmp(req->in->path, menu[i].path, len) == 0 &&
                    (!req->in->path[len] || req->in->path[len] == '/');
        if (!(req->session.roles & menu[i].roles))
            continue;
        bk_html(&page->html, "<li><a href=\"%s\"", menu[i].path);
        if (here)
            bk_html(&page->html, " aria-current=\"page\"");
        bk_html(&page->html, ">%s</a></li>", bk_say(req, menu[i].zh, menu[i].en));
    }
    bk_html(&page->html, "</ul>");
    bk_page_form(page, "/admin/logout");
    bk_html(&page->html, "<span>%s</span> <button>%s</button></form></nav>", req->session.staff,
            bk_say(req, "退出登录", "Log out"));
}

void bk_page_begin(struct bk_page *page, struct bk_req *req, const char *title)
{
    char style[BK_STYLE_PATH];
    bool zh = req->lang == BK_LANG_ZH;
    *page = (struct bk_page){.req = req};
    bk_style_path(style);
    bk_html(&page->html,
            "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            "<title>%s – %s</title><link rel=\"stylesheet\" href=\"%s\"></head><body>"
            "<a class=\"skip\" href=\"#content\">%s</a><header><p>%s</p>",
            zh ? "zh-CN" : "en", title, req->app->name, style,
            bk_say(req, "跳到内容", "Skip to content"), req->app->name);
    if (req->page)
        bk_html(&page->html,
                "<p><a href=\"/admin/language/%s?to=%s\" lang=\"%s\" hreflang=\"%s\">%s</a></p>",
                zh ? "en" : "zh", bk_page_is_path(req->in->path) ? req->in->path : "/admin",
                zh ? "en" : "zh-CN", zh ? "en" : "zh-CN", zh ? "English" : "中文");
    bk_html(&page->html, "</header>");
    if (req->app->simulated)
        bk_html(&page->html, "<p class=\"simulated\" role=\"note\">%s</p>",
                bk_say(req, "演示环境：外部服务（短信、支付、身份核验、发票）均为模拟。",
                       "Demonstration: outside services (text messages, payment, identity,"
                       " invoices) are simulated."));
    if (req->page && *req->session.staff)
        put_menu(page);
    bk_html(&page->html, "<main id=\"content\"><h1>%s</h1>", title);
}

static void put_headers(struct bk_req *req)
{
    struct bk_http_out *out = req->out;
    bk_http_out_header(out, "Content-Security-Policy",
                       "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                       " frame-ancestors 'none'; base-uri 'none'");
    bk_http_out_header(out, "Referrer-Policy", "no-referrer");
    bk_http_out_header(out, "Cross-Origin-Opener-Policy", "same-origin");
    bk_http_out_header(out, "Cross-Origin-Resource-Policy", "same-origin");
    bk_http_out_header(out, "Content-Language", req->lang == BK_LANG_ZH ? "zh-CN" : "en");
    bk_http_out_header(out, "Vary", "Accept-Language, Cookie");
}

enum bk_err bk_page_end(struct bk_page *page, unsigned status)
{
    struct bk_req *req = page->req;
    bk_html(&page->html, "</main></body></html>\n");
    enum bk_err err = page->html.err;
    if (err == BK_OK)
        err = bk_reply_bytes(req, "text/html; charset=utf-8", page->html.text.data,
                             page->html.text.len);
    if (err == BK_OK) {
        req->out->status = status;
        put_headers(req);
    }
    bk_html_free(&page->html);
    return err;
}

void bk_page_form(struct bk_page *page, const char *path)
{
    bk_html(&page->html, "<form method=\"post\" action=\"%s\">", path);
    if (*page->req->csrf)
        bk_html(&page->html, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", page->req->csrf);
}

void bk_page_table(struct bk_page *page, const char *label, const char *const *heads)
{
    bk_html(&page->html,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead>"
            "<tr>",
            label);
    for (; *heads; heads += 2)
        bk_html(&page->html, "<th scope=\"col\">%s</th>", bk_say(page->req, heads[0], heads[1]));
    bk_html(&page->html, "</tr></thead><tbody>");
}

void bk_page_table_end(struct bk_page *page)
{
    bk_html(&page->html, "</tbody></table></div>");
}

void bk_page_done(struct bk_page *page, const char *const *said)
{
    const char *done = bk_page_query(page->req, "done", 16);
    for (; *said; said += 3)
        if (strcmp(said[0], done) == 0)
            bk_html(&page->html, "<p class=\"done\" role=\"status\">%s</p>",
                    bk_say(page->req, said[1], said[2]));
}

void bk_page_search(struct bk_page *page, const char *path, const char *name, const char *label,
                    const char *value)
{
    bk_html(&page->html,
            "<form class=\"find\" method=\"get\" action=\"%s\" role=\"search\"><div>"
            "<label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" value=\"%s\" size=\"30\""
            " maxlength=\"32\"></div><button>%s</button></form>",
            path, name, label, name, name, value, bk_say(page->req, "查找", "Find"));
}

void bk_page_time(struct bk_page *page, int64_t ms)
{
    char text[32];
    bk_china_time(ms, BK_TO_READ, text);
    bk_html(&page->html, "<span class=\"time\">%s</span>", ms ? text : "–");
}

enum bk_err bk_page_go(struct bk_req *req, const char *path)
{
    enum bk_err err = bk_reply_bytes(req, NULL, "", 0);
    req->out->status = 303;
    bk_http_out_header(req->out, "Location", path);
    bk_http_out_header(req->out, "Referrer-Policy", "no-referrer");
    return err;
}

enum bk_err bk_page_problem(struct bk_req *req, const struct bk_problem *problem)
{
    struct bk_page page;
    bk_page_begin(&page, req, bk_say(req, problem->zh, problem->en));
    bk_html(&page.html, "<p><a href=\"/admin\">%s</a></p><p class=\"small\">%s · %s</p>",
            bk_say(req, "返回首页", "Back to the first page"), problem->code, req->id);
    return bk_page_end(&page, problem->status);
}

/* --- what came --- */

static const char *plain(const char *value, size_t max)
{
    size_t len = value ? strlen(value) : 0;
    return len && len <= max && bk_text_is_plain(value, len) ? value : "";
}

const char *bk_page_field(const struct bk_req *req, const char *name, size_t max)
{
    return plain(bk_form_get(&req->form, name), max);
}

const char *bk_page_query(const struct bk_req *req, const char *name, size_t max)
{
    return plain(bk_httpd_query(req->in, name), max);
}

enum bk_lang bk_page_lang(const struct bk_http_in *in)
{
    const char *chosen = bk_httpd_cookie(in, LANGUAGE);
    if (chosen && strcmp(chosen, "zh") == 0)
        return BK_LANG_ZH;
    if (chosen && strcmp(chosen, "en") == 0)
        return BK_LANG_EN;
    return bk_lang_choose(bk_httpd_header(in, "Accept-Language"));
}

const char *bk_page_session(const struct bk_req *req)
{
    const char *token = bk_httpd_cookie(req->in, SESSION);
    return token ? token : "";
}

void bk_page_set_session(struct bk_req *req, const char *token)
{
    char cookie[BK_TOKEN + 96];
    (void)snprintf(cookie, sizeof cookie,
                   SESSION "=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s", token ? token : "",
                   token ? "" : "; Max-Age=0");
    bk_http_out_header(req->out, "Set-Cookie", cookie);
    bk_wipe(cookie, sizeof cookie);
}

void bk_page_set_lang(struct bk_req *req, const char *lang)
{
    char cookie[128];
    (void)snprintf(cookie, sizeof cookie,
                   LANGUAGE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000", lang);
    bk_http_out_header(req->out, "Set-Cookie", cookie);
}

/* Browsers say where a form stands: by Sec-Fetch-Site, and by Origin, which is "null" of pages that
 * send no referrer, as ours do. Neither may say otherwise, and one must say so. */
static bool from_here(const struct bk_req *req)
{
    const char *site = bk_httpd_header(req->in, "Sec-Fetch-Site");
    const char *origin = bk_httpd_header(req->in, "Origin");
    bool told = origin && strcmp(origin, "null") != 0;
    if (site && strcmp(site, "same-origin") != 0)
        return false;
    if (told && strcmp(origin, req->app->origin) != 0)
        return false;
    return site || told;
}

static enum bk_err make_csrf(struct bk_req *req, const char *token)
{
    uint8_t hash[32];
    enum bk_err err = bk_escrow_hash(req->app->escrow, "staff-csrf", token, strlen(token), hash);
    if (err == BK_OK)
        bk_hex_text(hash, sizeof hash, req->csrf);
    return err;
}

enum bk_err bk_page_enter(struct bk_req *req, bool staff, unsigned roles, bool *refused)
{
    bool post = strcmp(req->in->method, "POST") == 0;
    const char *token = bk_page_session(req), *csrf = bk_page_field(req, "csrf", 64);
    *req->csrf = 0;
    *refused = post && !from_here(req);
    if (*refused)
        return bk_refuse(req, "other-origin");
    if (!staff)
        return BK_OK;
    enum bk_err err = bk_staff_session_find(req->tx, token, true, req->now,
                                            req->app->policy.staff_idle_ms, &req->session);
    *refused = err == BK_ENOTFOUND;
    if (*refused)
        return bk_page_go(req, "/admin/login");
    if (err == BK_OK)
        err = make_csrf(req, token);
    if (err != BK_OK)
        return err;
    *refused = post && !bk_secret_equal(csrf, strlen(csrf), req->csrf, strlen(req->csrf));
    if (*refused)
        return bk_refuse(req, "other-origin");
    *refused = roles && !(req->session.roles & roles);
    return *refused ? bk_refuse(req, "staff-role") : BK_OK;
}
