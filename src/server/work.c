/* SPDX-License-Identifier: Apache-2.0 */
#include "server/work.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "server/outbox.h"
#include "server/sms.h"

/* of the simulator: it proves nothing, and is only taken for one on this machine */
#define SIM_KEY "simulated"

static enum bk_err send_sms(struct bk_app *app, const struct bk_outbox_item *item)
{
    const char *phone = NULL, *template = NULL;
    if (!app->sms)
        return BK_EUNSUPPORTED;
    if (bk_json_str(item->payload, "phone", 32, &phone) != BK_OK ||
        bk_json_str(item->payload, "template", 64, &template) != BK_OK)
        return BK_ECORRUPT;
    const struct bk_sms_message message = {.phone = phone,
                                           .template = template,
                                           .params = json_object_get(item->payload, "params"),
                                           .out_id = item->id};
    if (item->attempts > 1) {
        enum bk_err err = bk_sms_find(app->sms, &message);
        if (err != BK_ENOTFOUND)
            return err; /* it is there, or we can't know: not a second time */
    }
    return bk_sms_send(app->sms, &message);
}

static enum bk_err work(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    if (strcmp(item->kind, "sms") == 0)
        return send_sms(app, item);
    if (strcmp(item->kind, "discard") == 0)
        return BK_OK;
    return BK_EUNSUPPORTED;
}

static enum bk_err open_sms(const struct bk_work_options *o)
{
    struct bk_buf secret = BK_BUF_INIT;
    const char *url = o->sms_url ? o->sms_url : bk_config_get(o->config, "sms", "url", NULL);
    const char *file = bk_config_get(o->config, "sms", "secret_file", NULL);
    const char *text = SIM_KEY;
    enum bk_err err = BK_OK;
    if (!url)
        return BK_OK;
    if (file) {
        err = bk_file_read(file, 256, &secret);
        if (err == BK_OK)
            err = bk_buf_cstr(&secret, &text);
        if (err == BK_OK)
            secret.data[strcspn(text, "\r\n")] = 0;
    }
    const struct bk_sms_options sms = {
        .url = url,
        .ca_file = bk_config_get(o->config, "sms", "ca_file", NULL),
        .key_id = bk_config_get(o->config, "sms", "key_id", SIM_KEY),
        .secret = text,
        .sign_name = bk_config_get(o->config, "sms", "sign_name", "示例CA")};
    if (err == BK_OK)
        err = bk_sms_new(&sms, &o->app->sms);
    if (!file)
        o->app->simulated = true;
    bk_buf_free(&secret);
    return err;
}

enum bk_err bk_work_start(const struct bk_work_options *o, char *why, size_t size)
{
    enum bk_err err = open_sms(o);
    if (err != BK_OK)
        (void)snprintf(why, size, "SMS service (%s)", bk_err_name(err));
    if (err == BK_OK)
        err = bk_outbox_start(o->app->store, o->app->escrow, work, o->app, &o->app->outbox);
    return err;
}

void bk_work_stop(struct bk_app *app)
{
    bk_outbox_stop(&app->outbox);
    bk_sms_free(&app->sms);
}
