/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/cmd.h"
#include "tools/terminal.h"
#include "workflow/renew.h"
#include "workflow/state.h"

struct renew_options {
    const char *container;
    bool yes, keep_key;
    int pin_fd;
    long wait_seconds;
};

static bool on_progress(void *context, enum bk_renew_step step, size_t done, size_t total)
{
    static const char *const texts[BK_RENEW_STEPS] = {
        [BK_RENEW_LOGIN] = N_("Logging in to the platform"),
        [BK_RENEW_ROOM] = N_("Is there room on the key"),
        [BK_RENEW_ORDER] = N_("Making the order"),
        [BK_RENEW_PAY] = N_("Waiting for the payment"),
        [BK_RENEW_REVIEW] = N_("Waiting for the review by the platform's staff"),
        [BK_RENEW_GENERATE] = N_("The key makes a new key pair"),
        [BK_RENEW_ISSUE] = N_("The CA issues the certificates"),
        [BK_RENEW_LOAD] = N_("Writing the certificates to the key"),
        [BK_RENEW_PROVE] = N_("Reading back and trying them"),
        [BK_RENEW_COMMIT] = N_("Switching over to the new certificate"),
        [BK_RENEW_CONFIRM] = N_("Telling the platform"),
    };
    (void)context;
    ui_progress(_(texts[step]), done, total);
    return !terminal_stopped();
}

static enum bk_renew_answer on_confirm(void *context, const struct bk_api_order *order)
{
    const struct renew_options *o = context;
    char from[16], to[16];
    ui_date(order->old_not_after, from);
    ui_date(order->new_not_after, to);
    ui_say(_("Order %s: certificate in %s, %s → %s, %lld.%02lld CNY"), order->id, order->container,
           from, to, (long long)order->amount_fen / 100, (long long)order->amount_fen % 100);
    if (o->yes)
        return BK_RENEW_YES;
    if (!terminal_there())
        return BK_RENEW_CANNOT_ASK;
    if (ui_yes(_("Go on and pay?"), true))
        return BK_RENEW_YES;
    terminal_go_on(); /* Ctrl-C is a no, too, and the platform is to hear of it */
    return BK_RENEW_NO;
}

static void on_pay(void *context, const struct bk_api_order *order, const char *qr)
{
    (void)context;
    (void)order;
    ui_say("%s", _("Scan this with Alipay:"));
    ui_qr(qr);
}

static int parse(int argc, char **argv, struct renew_options *o)
{
    static const struct option options[] = {{"container", required_argument, NULL, 'c'},
                                            {"keep-key", no_argument, NULL, 'k'},
                                            {"pin-fd", required_argument, NULL, 'p'},
                                            {"wait", required_argument, NULL, 'w'},
                                            {"yes", no_argument, NULL, 'y'},
                                            {0}};
    int c, code;
    char *end = NULL;
    while ((c = cmd_option("renew", argc, argv, "+:y", options)) != -1) {
        switch (c) {
        case 'c':
            o->container = optarg;
            break;
        case 'k':
            o->keep_key = true;
            break;
        case 'p':
            if ((code = cmd_fd("renew", "--pin-fd", optarg, &o->pin_fd)) != EXIT_OK)
                return code;
            break;
        case 'w':
            o->wait_seconds = strtol(optarg, &end, 10);
            if (!*optarg || *end || o->wait_seconds < 0 || o->wait_seconds > 86400)
                return cmd_usage("renew", "%s",
                                 _("--wait wants a number of seconds, at most 86400"));
            break;
        case 'y':
            o->yes = true;
            break;
        default:
            return EXIT_USAGE;
        }
    }
    return cmd_no_more("renew", argc, argv);
}

static int result(const struct cmd *cmd, const struct bk_renew_result *r)
{
    char until[16];
    ui_date(r->order.new_not_after, until);
    if (cmd->json)
        return cmd_print_json(json_pack(
            "{s:s, s:s, s:s, s:s, s:I, s:b, s:o}", "order", r->order.id, "state", r->order.state,
            "container", r->order.container, "certificate_serial", r->order.certificate_serial,
            "not_after", (json_int_t)r->order.new_not_after, "resumed", (int)r->resumed,
            "kept_keys", r->replaced ? json_boolean(r->kept_keys) : json_null()));
    if (!r->replaced)
        ui_say(_("Renewed: the certificate in %s is good until %s."), r->order.container, until);
    else if (r->kept_keys)
        ui_say(_("Renewed: the certificate in %s is good until %s. Its keys are those it had."),
               r->order.container, until);
    else
        ui_say(_("Renewed: the certificate in %s is good until %s. The old one is kept on the key, "
                 "so that what was encrypted to it can still be read."),
               r->order.container, until);
    return EXIT_OK;
}

/* When it may be renewed, if that can still be asked. */
static void say_window(struct bk_api *api)
{
    struct bk_api_info info;
    if (bk_api_info(api, &info) == BK_OK)
        ui_warn(_("A certificate can be renewed from %lld days before its end to %lld days after "
                  "it; bjca list shows when that is."),
                (long long)info.renew_before_days, (long long)info.renew_after_days);
}

static void say_review(const struct bk_api_order *order)
{
    char due[16];
    ui_date(order->review_due, due);
    ui_warn(_("Order %s is paid and in review, which is promised by %s. Run the command again "
              "then."),
            order->id, due);
}

/* The money went back when the key had its new certificate already. */
static void say_late_refund(void)
{
    ui_warn("%s", _("The key took its new certificate before its order was refunded, and that "
                    "certificate is revoked with the order. The one before isn't revoked, but the "
                    "key signs by the new one alone: ask the service desk, which issues another "
                    "certificate for this container."));
}

/* What becomes of the order, and what can be done. */
static int failed(const struct cmd *cmd, const struct bk_renew_result *r,
                  const struct bk_failure *failure)
{
    int code = ui_failure(failure);
    if (strcmp(failure->code, "outside-window") == 0)
        say_window(cmd->api);
    bool refunded = strcmp(failure->code, "order-refunded") == 0;
    if (strcmp(failure->code, "needs-review") == 0)
        ui_warn("%s", _("An expired certificate is renewed after the identity, the documents and a "
                        "review: begin the order at the platform's site. bjca renew goes on with "
                        "it."));
    if (failure->err == BK_ETIMEOUT && strcmp(r->order.state, "IN_REVIEW") == 0)
        say_review(&r->order);
    if (failure->err == BK_ESTATE && bk_renew_is_incomplete(&r->order)) {
        ui_warn(_("Go on with order %s at the platform's site, then run the command again."),
                r->order.id);
        return EXIT_UNFINISHED;
    }
    if (failure->err == BK_ESTATE && bk_renew_is_over(&r->order)) {
        ui_warn(_("Order %s has ended. Run the command again for a new one."), r->order.id);
        return EXIT_UNFINISHED;
    }
    if (!*r->order.id && refunded)
        say_late_refund();
    if (!*r->order.id && strcmp(failure->code, "certificate-revoked") == 0)
        ui_warn("%s", _("A revoked certificate can't be renewed: ask the service desk."));
    if (!*r->order.id || !bk_renew_gets_nothing(failure))
        return code;
    if (!refunded && (!*r->order.state || strcmp(r->order.state, "ISSUED") == 0)) {
        ui_warn(
            _("Order %s could not be finished. Run the command again, or ask the service desk."),
            r->order.id);
        return code;
    }
    ui_warn(_("Order %s has ended; what was paid for it goes back."), r->order.id);
    if (r->confirming && refunded)
        say_late_refund();
    else if (r->confirming)
        ui_warn("%s",
                _("The new certificate on the key is revoked with it: ask the service desk."));
    else if (refunded)
        ui_warn("%s", _("The certificate on the key stays as it is. When the money is back, "
                        "bjca renew makes a new order."));
    return code;
}

/* One run a key at a time. Where there is no place for the lock nothing is lost: key and platform
 * decide who was first. */
static enum bk_err lock_key(const struct cmd *cmd, int *lock, struct bk_failure *failure)
{
    enum bk_err err = bk_state_lock("renew", (const char *)cmd->key.status.serial, lock);
    return err == BK_EBUSY ? bk_fail(failure, err, "%s", "") : BK_OK;
}

int cmd_renew(struct cmd *cmd, int argc, char **argv)
{
    struct renew_options o = {.pin_fd = -1, .wait_seconds = 900};
    struct bk_renew_result renewed = {0};
    struct bk_failure failure;
    CK_BJCA_CONTAINER container;
    CK_SESSION_HANDLE session = 0;
    int lock = -1, code = parse(argc, argv, &o);
    if (code != EXIT_OK)
        return code;
    enum bk_err err = cmd_open_key(cmd, &failure);
    if (err == BK_OK)
        err = cmd_open_platform(cmd, &failure);
    if (err == BK_OK)
        err = lock_key(cmd, &lock, &failure);
    if (err == BK_OK)
        err =
            cmd_find_container(cmd, o.container, CK_UNAVAILABLE_INFORMATION, &container, &failure);
    if (err == BK_OK)
        err = cmd_login(cmd, container.slotID, o.pin_fd, &session, &failure);
    if (err != BK_OK) {
        bk_file_unlock(&lock);
        return ui_failure(&failure);
    }
    struct bk_renew_ui ui = {.context = &o,
                             .progress = on_progress,
                             .confirm = on_confirm,
                             .pay = on_pay,
                             .wait_ms = o.wait_seconds * 1000};
    err = bk_renew_run(&cmd->module, session, container.slotID, (const char *)container.name,
                       o.keep_key ? CKF_BJCA_KEEP_KEY : 0, cmd->api, &ui, &renewed, &failure);
    bk_file_unlock(&lock);
    return err == BK_OK ? result(cmd, &renewed) : failed(cmd, &renewed, &failure);
}
