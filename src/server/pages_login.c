/* SPDX-License-Identifier: Apache-2.0 */
/* The staff's pages: log-in and log-out, the language, the own account. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/page_words.h"
#include "server/staff_login.h"
#include "server/staff_session.h"

enum bk_err bk_page_home(struct bk_req *req)
{
    return bk_page_go(req, bk_page_first(req->session.roles));
}

/* Behind all other routes under /admin. */
enum bk_err bk_page_nowhere(struct bk_req *req)
{
    return bk_refuse(req, "not-found");
}

enum bk_err bk_page_style(struct bk_req *req)
{
    char path[BK_STYLE_PATH];
    const char *text = bk_style_text();
    bk_style_path(path);
    enum bk_err err = bk_reply_bytes(req, "text/css; charset=utf-8", text, strlen(text));
    if (strcmp(path, req->in->path) == 0)
        req->out->cache = "public, max-age=31536000, immutable";
    return err;
}

enum bk_err bk_page_language(struct bk_req *req)
{
    const char *to = bk_page_query(req, "to", 127), *lang = req->params[0];
    if (strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
        return bk_refuse(req, "not-found");
    enum bk_err err = bk_page_go(req, bk_page_is_path(to) ? to : "/admin");
    bk_page_set_lang(req, lang);
    return err;
}

/* --- log-in --- */

static void put_field(struct bk_page *page, const char *name, const char *label, const char *type,
                      const char *complete)
{
    bk_html(&page->html,
            "<label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" type=\"%s\""
            " autocomplete=\"%s\" required>",
            name, label, name, name, type, complete);
}

static void put_code(struct bk_page *page)
{
    bk_html(&page->html,
            "<label for=\"totp\">%s</label><input id=\"totp\" name=\"totp\" inputmode=\"numeric\""
            " pattern=\"[0-9]{6}\" maxlength=\"6\" autocomplete=\"one-time-code\" required>",
            bk_say(page->req, "动态码（验证器应用中的六位数字）",
                   "One-time code (six digits of the authenticator app)"));
}

/* problem: why the last try failed; NULL */
static void put_problem(struct bk_page *page, const char *problem)
{
    const struct bk_problem *p = problem ? bk_problem_find(problem) : NULL;
    if (p)
        bk_html(&page->html, "<p class=\"wrong\" role=\"alert\">%s</p>",
                bk_say(page->req, p->zh, p->en));
}

static enum bk_err login_page(struct bk_req *req, const char *problem)
{
    struct bk_page page;
    bk_page_begin(&page, req, bk_say(req, "工作人员登录", "Staff log-in"));
    put_problem(&page, problem);
    if (!problem && strcmp(bk_page_query(req, "done", 16), "password") == 0)
        bk_html(&page.html, "<p class=\"done\" role=\"status\">%s</p>",
                bk_say(req, "密码已修改，请用新密码登录。",
                       "The password has been changed: log in with the new one."));
    bk_html(&page.html, "<div class=\"panel narrow\">");
    bk_page_form(&page, "/admin/login");
    put_field(&page, "name", bk_say(req, "用户名", "Name"), "text", "username");
    put_field(&page, "password", bk_say(req, "密码", "Password"), "password", "current-password");
    put_code(&page);
    bk_html(&page.html, "<p><button>%s</button></p></form></div>", bk_say(req, "登录", "Log in"));
    return bk_page_end(&page, problem ? bk_problem_find(problem)->status : 200);
}

enum bk_err bk_page_login(struct bk_req *req)
{
    return login_page(req, NULL);
}

static struct bk_staff_login asked(const struct bk_req *req, const char *name)
{
    return (struct bk_staff_login){.name = name,
                                   .password =
                                       bk_page_field(req, "password", BK_STAFF_PASSWORD_MAX),
                                   .code = bk_page_field(req, "totp", 16)};
}

enum bk_err bk_page_log_in(struct bk_req *req)
{
    char wait[24];
    struct bk_staff_login login = asked(req, bk_page_field(req, "name", (size_t)2 * BK_STAFF_NAME));
    enum bk_err err = bk_staff_log_in(req, &login);
    if (err == BK_OK && login.problem) {
        req->session = (struct bk_session){0};
        err = login_page(req, login.problem);
        (void)snprintf(wait, sizeof wait, "%lld", (long long)login.wait_s);
        if (login.wait_s)
            bk_http_out_header(req->out, "Retry-After", wait);
        return err;
    }
    if (err == BK_OK)
        err = bk_page_go(req, "/admin");
    if (err == BK_OK)
        bk_page_set_session(req, login.token);
    bk_wipe(login.token, sizeof login.token);
    return err;
}

enum bk_err bk_page_log_out(struct bk_req *req)
{
    enum bk_err err = bk_staff_log_out(req, bk_page_session(req));
    if (err == BK_OK)
        err = bk_page_go(req, "/admin/login");
    bk_page_set_session(req, NULL);
    return err;
}

/* --- the own account --- */

static enum bk_err account_page(struct bk_req *req, const char *problem)
{
    struct bk_page page;
    struct bk_staff staff = {.enabled = false};
    enum bk_err err = bk_staff_find(req->tx, req->session.staff, &staff);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "账户", "Account"));
    put_problem(&page, problem);
    bk_html(&page.html, "<dl><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>", bk_say(req, "用户名", "Name"),
            staff.name, bk_say(req, "角色", "Roles"));
    for (unsigned role = 1; role <= BK_STAFF_ALL; role <<= 1) {
        char name[BK_STAFF_ROLES];
        bk_staff_roles_text(staff.roles & role, name);
        bk_html(&page.html, "%s ", bk_word(req, name));
    }
    bk_html(&page.html, "</dd><dt>%s</dt><dd>", bk_say(req, "上次登录", "Last log-in"));
    bk_page_time(&page, staff.login_at);
    bk_html(&page.html, "</dd></dl><h2>%s</h2><p>%s</p><div class=\"panel narrow\">",
            bk_say(req, "修改密码", "Another password"),
            bk_say(req, "修改后所有登录均失效。", "All log-ins are ended by it."));
    bk_page_form(&page, "/admin/account");
    put_field(&page, "password", bk_say(req, "当前密码", "Present password"), "password",
              "current-password");
    put_code(&page);
    put_field(&page, "new",
              bk_say(req, "新密码（12 至 128 字节）", "New password (12 to 128 bytes)"), "password",
              "new-password");
    put_field(&page, "again", bk_say(req, "再次输入新密码", "The new one again"), "password",
              "new-password");
    bk_html(&page.html, "<p><button>%s</button></p></form></div>",
            bk_say(req, "修改密码", "Change it"));
    return bk_page_end(&page, problem ? bk_problem_find(problem)->status : 200);
}

enum bk_err bk_page_account(struct bk_req *req)
{
    return account_page(req, NULL);
}

/* Who changes it logs in anew with it, as all others of the account. */
enum bk_err bk_page_password(struct bk_req *req)
{
    const char *new = bk_page_field(req, "new", BK_STAFF_PASSWORD_MAX);
    const char *again = bk_page_field(req, "again", BK_STAFF_PASSWORD_MAX);
    struct bk_staff_password made = {0};
    const struct bk_session session = req->session;
    struct bk_staff_login login = asked(req, session.staff);
    if (!bk_staff_password_valid(new) || strcmp(new, again) != 0)
        return account_page(req, "staff-password");
    enum bk_err err = bk_staff_log_in(req, &login);
    bk_wipe(login.token, sizeof login.token);
    if (err == BK_OK && login.problem)
        return account_page(req, login.problem);
    if (err == BK_OK)
        err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_staff_password_make(req->app->escrow, new, &made);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = bk_staff_set_password(req->tx, session.staff, &made);
    char object[BK_STAFF_NAME + 8];
    (void)snprintf(object, sizeof object, "staff:%s", session.staff);
    if (err == BK_OK)
        err = bk_req_audit(req, "staff.password", object, "");
    if (err == BK_OK)
        err = bk_page_go(req, "/admin/login?done=password");
    bk_page_set_session(req, NULL);
    return err;
}
