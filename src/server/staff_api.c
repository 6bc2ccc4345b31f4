/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in of the staff's tools. */
#include <string.h>

#include "server/api.h"
#include "server/staff_login.h"

static json_t *roles_json(unsigned roles)
{
    json_t *list = json_array();
    for (unsigned role = 1; list && role <= BK_STAFF_ALL; role <<= 1) {
        char name[BK_STAFF_ROLES];
        bk_staff_roles_text(roles & role, name);
        if (*name && json_array_append_new(list, json_string(name)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

enum bk_err bk_api_staff_session(struct bk_req *req)
{
    struct bk_staff_login login = {.problem = NULL};
    bool refused = false;
    enum bk_err err = bk_req_text(req, "name", 1, 2 * BK_STAFF_NAME, &login.name, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "password", 1, BK_STAFF_PASSWORD_MAX, &login.password, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "totp", 1, 16, &login.code, &refused);
    if (err == BK_OK && !refused)
        err = bk_staff_log_in(req, &login);
    if (err == BK_OK && !refused)
        err = login.problem
                  ? bk_refuse_login(req, &login)
                  : bk_reply(req, 201,
                             json_pack("{s:s, s:s, s:o, s:I, s:I}", "token", login.token, "name",
                                       req->session.staff, "roles", roles_json(req->session.roles),
                                       "expires_at", (json_int_t)login.expires_at, "idle_seconds",
                                       (json_int_t)(req->app->policy.staff_idle_ms / 1000)));
    bk_wipe(login.token, sizeof login.token);
    return err;
}

enum bk_err bk_api_staff_session_end(struct bk_req *req)
{
    const char *token = bk_httpd_header(req->in, "Authorization") + strlen("Bearer ");
    enum bk_err err = bk_staff_log_out(req, token);
    return err == BK_OK ? bk_reply(req, 200, json_pack("{s:b}", "ended", 1)) : err;
}
