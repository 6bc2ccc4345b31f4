/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for approved orders, at a production station: made, sent or handed over, put aside. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "tools/staff.h"
#include "tools/terminal.h"
#include "workflow/produce.h"
#include "workflow/state.h"
#include "workflow/token.h"

#define DEVICE_KEY 16u

struct produce_options {
    struct staff staff;
    const char *order; /* NULL: the list */
    const char *shape, *courier, *tracking, *collector, *reason;
    int device_key_fd, id_fd;
    bool erase;
};

static bool on_progress(void *context, enum bk_produce_step step, size_t done, size_t total)
{
    static const char *const texts[BK_PRODUCE_STEPS] = {
        [BK_PRODUCE_BEGIN] = N_("The platform takes the key for the order"),
        [BK_PRODUCE_PERSONALISE] = N_("Personalising the key"),
        [BK_PRODUCE_GENERATE] = N_("The key makes its key pair"),
        [BK_PRODUCE_ISSUE] = N_("The CA issues the certificates"),
        [BK_PRODUCE_LOAD] = N_("Writing the certificates to the key"),
        [BK_PRODUCE_PROVE] = N_("Reading back and trying them"),
        [BK_PRODUCE_COMMIT] = N_("Switching over to the new certificate"),
        [BK_PRODUCE_CONFIRM] = N_("Telling the platform"),
    };
    (void)context;
    ui_progress(_(texts[step]), done, total);
    return !terminal_stopped();
}

/* --- the words of the call --- */

enum { SHAPE = 256, COURIER, TRACKING, COLLECTOR, REASON, STAFF };

static int take(int c, struct produce_options *o)
{
    switch (c) {
    case 'e':
        o->erase = true;
        return EXIT_OK;
    case SHAPE:
        o->shape = optarg;
        return EXIT_OK;
    case COURIER:
        o->courier = optarg;
        return EXIT_OK;
    case TRACKING:
        o->tracking = optarg;
        return EXIT_OK;
    case COLLECTOR:
        o->collector = optarg;
        return EXIT_OK;
    case REASON:
        o->reason = optarg;
        return EXIT_OK;
    case STAFF:
        o->staff.name = optarg;
        return EXIT_OK;
    case 'p':
        return cmd_fd("produce", "--password-fd", optarg, &o->staff.password_fd);
    case 't':
        return cmd_fd("produce", "--totp-fd", optarg, &o->staff.totp_fd);
    case 'd':
        return cmd_fd("produce", "--device-key-fd", optarg, &o->device_key_fd);
    case 'i':
        return cmd_fd("produce", "--id-fd", optarg, &o->id_fd);
    default:
        return EXIT_USAGE;
    }
}

/* One thing at a time, and with an order. */
static int check(const struct produce_options *o)
{
    int things = (o->courier || o->tracking) + (o->collector != NULL) + (o->reason != NULL);
    if (things > 1)
        return cmd_usage("produce", "%s",
                         _("--courier, --collected-by and --put-aside don't go together"));
    if (!o->courier != !o->tracking)
        return cmd_missing("produce", o->courier ? "--tracking" : "--courier");
    if (!o->order && (things || o->erase))
        return cmd_missing("produce", "ORDER");
    if (o->shape && strcmp(o->shape, "direct") != 0 && strcmp(o->shape, "admin-first") != 0)
        return cmd_usage("produce", "%s", _("--shape is direct or admin-first"));
    return EXIT_OK;
}

static int parse(int argc, char **argv, struct produce_options *o)
{
    static const struct option options[] = {{"erase", no_argument, NULL, 'e'},
                                            {"shape", required_argument, NULL, SHAPE},
                                            {"courier", required_argument, NULL, COURIER},
                                            {"tracking", required_argument, NULL, TRACKING},
                                            {"collected-by", required_argument, NULL, COLLECTOR},
                                            {"put-aside", required_argument, NULL, REASON},
                                            {"staff", required_argument, NULL, STAFF},
                                            {"password-fd", required_argument, NULL, 'p'},
                                            {"totp-fd", required_argument, NULL, 't'},
                                            {"device-key-fd", required_argument, NULL, 'd'},
                                            {"id-fd", required_argument, NULL, 'i'},
                                            {0}};
    int c, code;
    while ((c = cmd_option("produce", argc, argv, "+:", options)) != -1)
        if ((code = take(c, o)) != EXIT_OK)
            return code;
    if (optind < argc)
        o->order = argv[optind++];
    code = cmd_no_more("produce", argc, argv);
    return code == EXIT_OK ? check(o) : code;
}

/* --- what is to be done --- */

static json_t *to_json(const struct bk_api_production *p)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "order", p->order, "state",
                     p->state, "company", p->company, "algorithm", p->algorithm, "delivery",
                     p->delivery, "pin_way", p->pin_way, "key", p->serial, "key_state",
                     p->key_state);
}

static int print_list(const struct cmd *cmd, const struct bk_api_production *list, size_t count)
{
    json_t *all = cmd->json ? json_array() : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct bk_api_production *p = &list[i];
        if (all)
            (void)json_array_append_new(all, to_json(p));
        else
            (void)printf("%s  %-9s  %s  %-8s %-7s  %s%s%s%s%s\n", p->order, p->state, p->algorithm,
                         p->pin_way, p->delivery, p->company, *p->serial ? "  " : "", p->serial,
                         *p->serial ? " " : "", p->key_state);
    }
    if (all)
        return cmd_print_json(json_pack("{s:o}", "orders", all));
    if (!count)
        ui_say("%s", _("Nothing is to be produced."));
    return EXIT_OK;
}

static int show_list(struct cmd *cmd)
{
    static struct bk_api_production list[BK_API_PRODUCTIONS];
    struct bk_failure failure;
    size_t count = BK_API_PRODUCTIONS;
    enum bk_err err = bk_api_production_list(cmd->api, list, &count);
    if (err == BK_OK)
        return print_list(cmd, list, count);
    (void)(bk_fail_api(&failure, err, cmd->api) == BK_OK);
    return ui_failure(&failure);
}

/* --- a key is made --- */

static enum bk_err read_maker_key(struct cmd *cmd, int fd, struct bk_secret *key,
                                  struct bk_failure *failure)
{
    struct bk_secret line = BK_SECRET_INIT;
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    if (fd >= 0) {
        err = ui_secret(fd, "", &line);
        if (err != BK_OK)
            err = bk_fail(failure, err, "--device-key-fd");
    } else {
        err = staff_secret(cmd, "device-key-file", &line, failure);
        if (err == BK_ENOTFOUND)
            return BK_OK; /* it may not be needed */
    }
    if (err == BK_OK && (bk_hex_decode((const char *)line.data, line.len, &bytes) != BK_OK ||
                         bytes.len != DEVICE_KEY))
        err = cmd_fail(failure, BK_EINVAL, "%s", _("a device key is 32 hex digits"));
    if (err == BK_OK && (err = bk_secret_set(key, bytes.data, bytes.len)) != BK_OK)
        err = bk_fail(failure, err, "%s", "");
    bk_secret_free(&line);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err check_station(struct cmd *cmd, struct bk_failure *failure)
{
    bool station = false;
    if (bk_config_bool(cmd->config, "module", "production-station", false, &station) == BK_OK &&
        station)
        return BK_OK;
    return cmd_fail(failure, BK_EDENIED,
                    _("this machine doesn't produce keys: production-station = yes under [module] "
                      "in bjca.conf says that it does"));
}

static int produced(const struct cmd *cmd, const struct bk_produce_result *r)
{
    const struct bk_api_production *p = &r->production;
    if (cmd->json) {
        json_t *json = to_json(p);
        if (json && (json_object_set_new(json, "certificate_serial",
                                         json_string(p->certificate_serial)) != 0 ||
                     json_object_set_new(json, "container", json_string(p->container)) != 0 ||
                     json_object_set_new(json, "resumed", json_boolean(r->resumed)) != 0))
            ui_warn("%s", _("Out of memory."));
        return cmd_print_json(json);
    }
    ui_say(_("Key %s is made for order %s of %s."), p->serial, p->order, p->company);
    if (strcmp(p->pin_way, "transfer") == 0)
        ui_say("%s", _("Its PIN goes out in the memo of a transfer to the company's account."));
    else
        ui_say("%s", _("Its PIN goes out to the legal person by text message."));
    if (strcmp(p->delivery, "post") == 0)
        ui_say(_("To be sent; then: bjca produce --courier NAME --tracking NUMBER %s"), p->order);
    else
        ui_say(_("To be handed over; then: bjca produce --collected-by NAME %s"), p->order);
    return EXIT_OK;
}

static enum bk_err make(struct cmd *cmd, const struct produce_options *o,
                        const struct bk_secret *maker_key, struct bk_produce_result *made,
                        struct bk_failure *failure)
{
    int lock = -1;
    const struct bk_produce_ask ask = {
        .order = o->order,
        .shape = o->shape ? o->shape : bk_config_get(cmd->config, "production", "shape", "direct"),
        .maker_key = maker_key,
        .erase = o->erase,
        .progress = on_progress};
    enum bk_err err = bk_state_lock("produce", (const char *)cmd->key.status.serial, &lock);
    if (err == BK_EBUSY)
        return bk_fail(failure, err, "%s", "");
    err = bk_produce_run(&cmd->module, &cmd->key, cmd->api, &ask, made, failure);
    bk_file_unlock(&lock);
    return err;
}

static int make_key(struct cmd *cmd, struct produce_options *o)
{
    struct bk_secret maker_key = BK_SECRET_INIT;
    struct bk_produce_result made = {.resumed = false};
    struct bk_failure failure;
    enum bk_err err = check_station(cmd, &failure);
    if (err == BK_OK)
        err = read_maker_key(cmd, o->device_key_fd, &maker_key, &failure);
    if (err == BK_OK)
        err = cmd_open_key(cmd, &failure);
    if (err == BK_OK)
        err = staff_login(cmd, &o->staff, &failure);
    if (err == BK_OK)
        err = make(cmd, o, &maker_key, &made, &failure);
    bk_secret_free(&maker_key);
    return err == BK_OK ? produced(cmd, &made) : ui_failure(&failure);
}

/* --- to its customer, or aside --- */

static enum bk_err read_id(const struct produce_options *o, struct bk_secret *id,
                           struct bk_failure *failure)
{
    enum bk_err err = ui_secret(o->id_fd, _("Number of the collector's identity document: "), id);
    if (err == BK_EDENIED)
        return cmd_fail(failure, BK_EINVAL, _("there is no terminal to ask on: %s is missing"),
                        "--id-fd");
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", "");
}

static enum bk_err tell(struct cmd *cmd, const struct produce_options *o,
                        const struct bk_secret *id, struct bk_api_production *now,
                        struct bk_failure *failure)
{
    char key[BK_TOKEN_TEXT];
    enum bk_err err = bk_token_text(key);
    if (err != BK_OK)
        return bk_fail(failure, err, _("no random numbers"));
    if (o->courier)
        err = bk_api_production_ship(cmd->api, key, o->order, o->courier, o->tracking, now);
    else if (o->collector)
        err = bk_api_production_hand_over(cmd->api, key, o->order, o->collector,
                                          (const char *)id->data, now);
    else
        err = bk_api_production_put_aside(cmd->api, key, o->order, o->reason, now);
    return err == BK_OK ? BK_OK : bk_fail_api(failure, err, cmd->api);
}

static int tell_platform(struct cmd *cmd, struct produce_options *o)
{
    struct bk_secret id = BK_SECRET_INIT;
    struct bk_api_production now;
    struct bk_failure failure;
    enum bk_err err = staff_login(cmd, &o->staff, &failure);
    if (err == BK_OK && o->collector)
        err = read_id(o, &id, &failure);
    if (err == BK_OK)
        err = tell(cmd, o, &id, &now, &failure);
    bk_secret_free(&id);
    if (err != BK_OK)
        return ui_failure(&failure);
    if (cmd->json)
        return cmd_print_json(to_json(&now));
    if (o->courier)
        ui_say(_("Order %s is on its way, and its customer told."), now.order);
    else if (o->collector)
        ui_say(_("Order %s is handed over and done."), now.order);
    else
        ui_say(_("The key is put aside: order %s waits for another one."), now.order);
    return EXIT_OK;
}

int cmd_produce(struct cmd *cmd, int argc, char **argv)
{
    struct produce_options o = {
        .staff = {.password_fd = -1, .totp_fd = -1}, .device_key_fd = -1, .id_fd = -1};
    struct bk_failure failure;
    int code = parse(argc, argv, &o);
    if (code != EXIT_OK)
        return code;
    if (cmd_open_platform(cmd, &failure) != BK_OK)
        return ui_failure(&failure);
    if (o.courier || o.collector || o.reason)
        return tell_platform(cmd, &o);
    if (o.order)
        return make_key(cmd, &o);
    if (staff_login(cmd, &o.staff, &failure) != BK_OK)
        return ui_failure(&failure);
    return show_list(cmd);
}
