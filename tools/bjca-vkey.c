/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-vkey: make a virtual key, show it, put it behind PC/SC. docs/man/bjca-vkey.1 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/secret.h"
#include "crypto/ctx.h"
#include "vkey/vkey.h"
#include "vkey/vpcd.h"

#define EXIT_USAGE 2
#define LINE_MAX_LEN 256u

static const char help[] =
    "Usage: bjca-vkey create FILE --serial SERIAL [OPTION...]\n"
    "       bjca-vkey info FILE\n"
    "       bjca-vkey serve FILE [--port PORT] [--control SOCKET]\n"
    "       bjca-vkey ctl SOCKET insert|remove|reset\n"
    "       bjca-vkey --help | --version\n"
    "\n"
    "create:\n"
    "  --serial SERIAL        1 to 32 visible ASCII characters\n"
    "  --label TEXT           default " BK_VKEY_LABEL "\n"
    "  --dialect D            gmt0017 (default) or longmai\n"
    "  --shape S              direct (default) or admin-first: how it wants to be unlocked\n"
    "  --application NAME     default " BK_VKEY_APPLICATION "\n"
    "  --empty                no application and no PIN, as from the factory: for bjca produce\n"
    "  --files F              user (default), no-room or no-right: whether it takes files\n"
    "  --pin-retries N        tries for the user PIN, 1 to 15, default 10\n"
    "  --admin-retries N      tries for the administrator PIN, likewise\n"
    "  --user-pin-fd N        read the user PIN, one line, from descriptor N\n"
    "  --admin-pin-fd N       read the administrator PIN from descriptor N\n"
    "  --device-key-fd N      read the device key, 32 hex digits, from descriptor N\n"
    "Without descriptors the PINs are the factory's: user " BK_VKEY_USER_PIN
    ", administrator " BK_VKEY_ADMIN_PIN ",\n"
    "and the key says so (default flag). The device key is random otherwise.\n"
    "\n"
    "Exit codes:\n"
    "  0  done\n"
    "  1  failed, or refused; standard error says why\n"
    "  2  the command line is wrong\n";

enum option_code {
    OPT_SERIAL = 256,
    OPT_LABEL,
    OPT_DIALECT,
    OPT_SHAPE,
    OPT_FILES,
    OPT_APPLICATION,
    OPT_EMPTY,
    OPT_PIN_RETRIES,
    OPT_ADMIN_RETRIES,
    OPT_USER_PIN_FD,
    OPT_ADMIN_PIN_FD,
    OPT_DEVICE_KEY_FD,
    OPT_PORT,
    OPT_CONTROL
};

static int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int usage(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)fputs("bjca-vkey: ", stderr);
    (void)vfprintf(stderr, fmt, args);
    (void)fputs("\nbjca-vkey --help says how to call it\n", stderr);
    va_end(args);
    return EXIT_USAGE;
}

static int fail(const char *path, enum bk_err err)
{
    static const struct {
        enum bk_err err;
        const char *text;
    } texts[] = {
        {BK_ENOTFOUND, "no such file"},
        {BK_EEXISTS, "the file exists already"},
        {BK_EDENIED, "not permitted: a key file must be a plain file of its user, mode 0600"},
        {BK_ECORRUPT, "damaged, or not a virtual key"},
        {BK_EUNSUPPORTED, "made by a later version of this program"},
        {BK_EPIN_RULE, "the user's or the administrator's PIN doesn't have 6 to 16 bytes"},
        {BK_EINVAL,
         "--serial has 1 to 32 visible ASCII characters, --label 1 to 31 bytes of UTF-8, "
         "--application 1 to 32"},
        {BK_EREMOVED, "the key file is gone"},
        {BK_EFULL, "no room on the disk"},
        {BK_EBUSY, "the control socket is in use"},
        {BK_EFORMAT, "the device key must be 32 hex digits"},
    };
    const char *text = bk_err_name(err);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].err == err)
            text = texts[i].text;
    (void)fprintf(stderr, "bjca-vkey: %s: %s\n", path, text);
    return EXIT_FAILURE;
}

static bool number(const char *text, unsigned long max, unsigned *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long v = strtoul(text, &end, 10);
    if (errno || end == text || *end || v > max || text[0] == '-')
        return false;
    *value = (unsigned)v;
    return true;
}

/* One line, without its end. Byte by byte: what is behind it isn't ours. */
static enum bk_err read_secret(unsigned fd, struct bk_secret *secret)
{
    uint8_t line[LINE_MAX_LEN];
    size_t len = 0;
    while (len < sizeof line) {
        ssize_t n = read((int)fd, line + len, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return BK_EIO;
        if (n == 0 || line[len] == '\n')
            break;
        len++;
    }
    if (len && line[len - 1] == '\r')
        len--;
    enum bk_err err = bk_secret_set(secret, line, len);
    bk_wipe(line, sizeof line);
    return err;
}

struct create {
    struct bk_vkey_params params;
    bool has_user_fd, has_admin_fd, has_device_fd;
    unsigned user_fd, admin_fd, device_fd;
};

/* What the value must be; NULL: it is taken. */
static const char *set_create(struct create *c, int option, const char *value)
{
    struct bk_vkey_params *p = &c->params;
    switch (option) {
    case OPT_SERIAL:
        p->serial = value;
        return NULL;
    case OPT_LABEL:
        p->label = value;
        return NULL;
    case OPT_APPLICATION:
        p->application = value;
        return NULL;
    case OPT_EMPTY:
        p->empty = true;
        return NULL;
    case OPT_DIALECT:
        return bk_vkey_dialect_parse(value, &p->dialect) == BK_OK ? NULL : "gmt0017 or longmai";
    case OPT_FILES:
        return bk_vkey_files_parse(value, &p->files) == BK_OK ? NULL : "user, no-room or no-right";
    case OPT_SHAPE:
        return bk_vkey_shape_parse(value, &p->shape) == BK_OK ? NULL : "direct or admin-first";
    case OPT_PIN_RETRIES:
        return number(value, 15, &p->user_retries) && p->user_retries ? NULL
                                                                      : "a number from 1 to 15";
    case OPT_ADMIN_RETRIES:
        return number(value, 15, &p->admin_retries) && p->admin_retries ? NULL
                                                                        : "a number from 1 to 15";
    case OPT_USER_PIN_FD:
        c->has_user_fd = true;
        return number(value, INT_MAX, &c->user_fd) ? NULL : "the number of a descriptor";
    case OPT_ADMIN_PIN_FD:
        c->has_admin_fd = true;
        return number(value, INT_MAX, &c->admin_fd) ? NULL : "the number of a descriptor";
    case OPT_DEVICE_KEY_FD:
        c->has_device_fd = true;
        return number(value, INT_MAX, &c->device_fd) ? NULL : "the number of a descriptor";
    default:
        return "an option of create";
    }
}

static enum bk_err read_device_key(unsigned fd, struct bk_buf *key)
{
    struct bk_secret line = BK_SECRET_INIT;
    enum bk_err err = read_secret(fd, &line);
    if (err == BK_OK)
        err = bk_hex_decode((const char *)line.data, line.len, key);
    if (err == BK_OK && key->len != 16)
        err = BK_EFORMAT;
    bk_secret_free(&line);
    return err;
}

static int create_key(const char *path, struct create *c)
{
    struct bk_secret user = BK_SECRET_INIT, admin = BK_SECRET_INIT;
    struct bk_buf device = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    if (c->has_user_fd)
        err = read_secret(c->user_fd, &user);
    if (err == BK_OK && c->has_admin_fd)
        err = read_secret(c->admin_fd, &admin);
    if (err == BK_OK && c->has_device_fd)
        err = read_device_key(c->device_fd, &device);
    if (err == BK_OK) {
        c->params.user_pin = user.data;
        c->params.user_pin_len = user.len;
        c->params.admin_pin = admin.data;
        c->params.admin_pin_len = admin.len;
        c->params.device_key = device.data;
        err = bk_vkey_create(path, &c->params);
    }
    bk_secret_free(&user);
    bk_secret_free(&admin);
    bk_buf_free(&device);
    if (err != BK_OK)
        return fail(path, err);
    if (!c->params.empty && (!c->has_user_fd || !c->has_admin_fd))
        (void)fprintf(stderr, "bjca-vkey: %s has factory PINs; see 'bjca-vkey --help'\n", path);
    return EXIT_SUCCESS;
}

static int cmd_create(int argc, char **argv)
{
    static const struct option options[] = {
        {"serial", required_argument, NULL, OPT_SERIAL},
        {"label", required_argument, NULL, OPT_LABEL},
        {"dialect", required_argument, NULL, OPT_DIALECT},
        {"shape", required_argument, NULL, OPT_SHAPE},
        {"files", required_argument, NULL, OPT_FILES},
        {"application", required_argument, NULL, OPT_APPLICATION},
        {"empty", no_argument, NULL, OPT_EMPTY},
        {"pin-retries", required_argument, NULL, OPT_PIN_RETRIES},
        {"admin-retries", required_argument, NULL, OPT_ADMIN_RETRIES},
        {"user-pin-fd", required_argument, NULL, OPT_USER_PIN_FD},
        {"admin-pin-fd", required_argument, NULL, OPT_ADMIN_PIN_FD},
        {"device-key-fd", required_argument, NULL, OPT_DEVICE_KEY_FD},
        {NULL, 0, NULL, 0},
    };
    struct create c = {0};
    int option, which = 0;
    while ((option = getopt_long(argc, argv, "", options, &which)) != -1) {
        if (option == '?')
            return usage("create: the option can't be taken");
        const char *wrong = set_create(&c, option, optarg);
        if (wrong)
            return usage("--%s is %s, not \"%s\"", options[which].name, wrong, optarg);
    }
    if (optind + 1 != argc)
        return usage("create needs one FILE");
    if (!c.params.serial)
        return usage("create needs --serial");
    return create_key(argv[optind], &c);
}

static void show_pin(const char *name, const struct bk_vkey_pin_info *pin)
{
    (void)printf("  %-14s %u of %u tries left%s%s\n", name, pin->left, pin->max,
           pin->left ? "" : ", locked", pin->is_default ? ", factory PIN" : "");
}

static int cmd_info(int argc, char **argv)
{
    struct bk_vkey *key = NULL;
    struct bk_vkey_info info;
    if (argc != 2)
        return usage("info needs one FILE");
    enum bk_err err = bk_vkey_open(argv[1], &key);
    if (err == BK_OK)
        err = bk_vkey_info(key, &info);
    bk_vkey_close(&key);
    if (err != BK_OK)
        return fail(argv[1], err);
    (void)printf("serial           %s\nlabel            %s\ndialect          %s\nunlock           %s\n"
           "space            %u of %u bytes left\n",
           info.serial, info.label, bk_vkey_dialect_name(info.dialect),
           bk_vkey_shape_name(info.shape), info.space_left, info.space);
    for (unsigned i = 0; i < info.app_count; i++) {
        (void)printf("application      %s\n", info.apps[i].name);
        show_pin("user PIN", &info.apps[i].user);
        show_pin("administrator", &info.apps[i].admin);
        (void)printf("  %-14s %u\n  %-14s %u\n", "containers", info.apps[i].containers, "files",
               info.apps[i].files);
    }
    return EXIT_SUCCESS;
}

/* Readable when somebody asks us to end. */
static int stop_descriptor(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int serve(const char *path, struct bk_vpcd_params *params)
{
    struct bk_vkey *key = NULL;
    enum bk_err err = bk_vkey_open(path, &key);
    if (err == BK_OK) {
        params->stop_fd = stop_descriptor();
        err = params->stop_fd < 0 ? BK_EIO : bk_vpcd_serve(key, params);
    }
    if (err == BK_OK)
        (void)close(params->stop_fd);
    bk_vkey_close(&key);
    return err == BK_OK ? EXIT_SUCCESS : fail(path, err);
}

static int cmd_serve(int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, OPT_PORT},
        {"control", required_argument, NULL, OPT_CONTROL},
        {NULL, 0, NULL, 0},
    };
    struct bk_vpcd_params params = {.port = BK_VPCD_PORT};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == OPT_PORT && number(optarg, 65535, &params.port) && params.port)
            continue;
        if (option == OPT_PORT)
            return usage("--port is a number from 1 to 65535, not \"%s\"", optarg);
        if (option != OPT_CONTROL)
            return usage("serve: the option can't be taken");
        params.control = optarg;
    }
    if (optind + 1 != argc)
        return usage("serve needs one FILE");
    return serve(argv[optind], &params);
}

static int cmd_ctl(int argc, char **argv)
{
    struct bk_buf answer = BK_BUF_INIT;
    if (argc != 3 || (strcmp(argv[2], "insert") != 0 && strcmp(argv[2], "remove") != 0 &&
                      strcmp(argv[2], "reset") != 0))
        return usage("ctl needs SOCKET and insert, remove or reset");
    enum bk_err err = bk_vpcd_control(argv[1], argv[2], &answer);
    int code = err == BK_OK ? EXIT_SUCCESS : fail(argv[1], err);
    if (err == BK_OK && strcmp((const char *)answer.data, "ok") != 0) {
        (void)fprintf(stderr, "bjca-vkey: %s\n", (const char *)answer.data);
        code = EXIT_FAILURE;
    }
    bk_buf_free(&answer);
    return code;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {
        {"create", cmd_create}, {"info", cmd_info}, {"serve", cmd_serve}, {"ctl", cmd_ctl}};
    const char *name = argc > 1 ? argv[1] : "";
    bool wants_help = strcmp(name, "--help") == 0;
    for (int i = 2; i < argc; i++)
        wants_help = wants_help || strcmp(argv[i], "--help") == 0;
    if (wants_help || strcmp(name, "--version") == 0) {
        (void)fputs(wants_help ? help : "bjca-vkey (bjca-pkcs11) " PACKAGE_VERSION "\n", stdout);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        int code = commands[i].run(argc - 1, argv + 1);
        bk_crypto_cleanup();
        return code;
    }
    return argc > 1 ? usage("no such command: %s", name) : usage("a command is missing");
}
