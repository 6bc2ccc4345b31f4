/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/file.h"

#define FILE_MAX ((size_t)256 * 1024)
#define ENTRY_MAX 1024u

struct entry {
    char *section;
    char *name;
    char *value;
    char *file; /* where it stands */
    unsigned line;
};

struct bk_config {
    struct entry *entries;
    size_t count;
    const char *file; /* that is being read */
    unsigned line;
    char *unreached; /* see bk_config_unreached */
};

enum bk_err bk_config_new(struct bk_config **config)
{
    *config = calloc(1, sizeof **config);
    return *config ? BK_OK : BK_ENOMEM;
}

void bk_config_free(struct bk_config **config)
{
    if (!*config)
        return;
    for (size_t i = 0; i < (*config)->count; i++) {
        free((*config)->entries[i].section);
        free((*config)->entries[i].name);
        free((*config)->entries[i].value);
        free((*config)->entries[i].file);
    }
    free((*config)->entries);
    free((*config)->unreached);
    free(*config);
    *config = NULL;
}

static struct entry *find(const struct bk_config *config, const char *section, const char *name)
{
    for (size_t i = 0; i < config->count; i++) {
        struct entry *e = &config->entries[i];
        if (strcmp(e->section, section) == 0 && strcmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}

static enum bk_err set(struct bk_config *config, const char *section, const char *name,
                       const char *value)
{
    char *copy = strdup(value), *file = strdup(config->file ? config->file : "");
    struct entry *e = find(config, section, name);
    if (e && copy && file) {
        free(e->value);
        free(e->file);
        e->value = copy;
        e->file = file;
        /* lint -Wanalyzer-malloc-leak: the entry keeps both */
        e->line = config->line;
        return BK_OK;
    }
    enum bk_err err = BK_ENOMEM;
    struct entry add = {strdup(section), strdup(name), copy, file, config->line};
    if (config->count >= ENTRY_MAX) {
        err = BK_ELIMIT;
    } else if (!e && add.section && add.name && copy && file) {
        struct entry *more =
            reallocarray(config->entries, config->count + 1, sizeof *config->entries);
        if (more) {
            config->entries = more;
            /* lint -Wanalyzer-malloc-leak: so does the new one */
            config->entries[config->count++] = add;
            return BK_OK;
        }
    }
    free(add.section);
    free(add.name);
    free(add.value);
    free(add.file);
    return err;
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t len = strlen(text);
    while (len && strchr(" \t\r", text[len - 1]))
        text[--len] = 0;
    return text;
}

static bool is_name(const char *text)
{
    return *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == 0;
}

static enum bk_err parse_line(struct bk_config *config, char *line, char *section, size_t size)
{
    char *text = trim(line);
    if (!*text || *text == '#')
        return BK_OK;
    size_t len = strlen(text);
    if (*text == '[') {
        if (text[len - 1] != ']')
            return BK_EFORMAT;
        text[len - 1] = 0;
        char *name = trim(text + 1);
        if (!is_name(name) || strlen(name) >= size)
            return BK_EFORMAT;
        memcpy(section, name, strlen(name) + 1);
        return BK_OK;
    }
    char *equals = strchr(text, '=');
    if (!equals || !*section)
        return BK_EFORMAT;
    *equals = 0;
    char *name = trim(text);
    return is_name(name) ? set(config, section, name, trim(equals + 1)) : BK_EFORMAT;
}

enum bk_err bk_config_parse(struct bk_config *config, const char *text, size_t len, unsigned *line)
{
    *line = 1;
    if (len > FILE_MAX)
        return BK_ELIMIT;
    char section[64] = "";
    enum bk_err err = BK_OK;
    while (len) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        if (!bk_utf8_valid(text, n))
            return BK_EFORMAT;
        char *copy = strndup(text, n);
        if (!copy)
            return BK_ENOMEM;
        config->line = *line;
        err = parse_line(config, copy, section, sizeof section);
        free(copy);
        if (err != BK_OK)
            return err;
        text += n + (end ? 1 : 0);
        len -= n + (end ? 1 : 0);
        (*line)++;
    }
    return BK_OK;
}

enum bk_err bk_config_read(struct bk_config *config, const char *path, unsigned *line)
{
    struct bk_buf text = BK_BUF_INIT;
    *line = 0;
    enum bk_err err = bk_file_read(path, FILE_MAX, &text);
    config->file = path;
    if (err == BK_OK)
        err = bk_config_parse(config, (const char *)text.data, text.len, line);
    config->file = NULL;
    bk_buf_free(&text);
    return err;
}

bool bk_config_privileged(void)
{
    return getauxval(AT_SECURE) != 0;
}

/* The user's file; an empty string when the environment names no place for it. */
static void user_file(char path[PATH_MAX])
{
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *tail = "/bjca/bjca.conf";
    if (!base || *base != '/') {
        base = getenv("HOME");
        tail = "/.config/bjca/bjca.conf";
    }
    *path = 0;
    if (base && *base == '/' && snprintf(path, PATH_MAX, "%s%s", base, tail) >= PATH_MAX)
        *path = 0;
}

/* Whether something on the way to the file is no folder, or another user's that this one may not
 * enter: then it is no file of this user's. A folder of this user's own that is closed may hold
 * what they have said, as a file that is there does: leaving that out could weaken something. */
static bool out_of_reach(const char *path)
{
    char folder[PATH_MAX + 2];
    struct stat st;
    for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
        size_t len = (size_t)(end - path);
        memcpy(folder, path, len);
        memcpy(folder + len, "/.", 3); /* which can be looked at only by who may enter */
        if (stat(folder, &st) == 0)
            continue;
        if (errno != EACCES)
            return errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG;
        folder[len] = 0;
        return stat(folder, &st) == 0 ? st.st_uid != geteuid() : errno == EACCES;
    }
    return false;
}

static enum bk_err read_one(struct bk_config *config, const char *path, bool must_exist,
                            char *where, size_t size)
{
    unsigned line = 0;
    enum bk_err err = bk_config_read(config, path, &line);
    if (err == BK_ENOTFOUND && !must_exist)
        return BK_OK;
    if (err != BK_OK && where)
        (void)snprintf(where, size, line ? "%s:%u" : "%s", path, line);
    return err;
}

static enum bk_err read_user(struct bk_config *config, const char *path, char *where, size_t size)
{
    enum bk_err err = read_one(config, path, false, where, size);
    if ((err != BK_EDENIED && err != BK_EIO) || !out_of_reach(path))
        return err;
    config->unreached = strdup(path);
    return config->unreached ? BK_OK : BK_ENOMEM;
}

enum bk_err bk_config_load(struct bk_config **config, char *where, size_t size)
{
    enum bk_err err = bk_config_new(config);
    if (err != BK_OK)
        return err;
    bool trusted = !bk_config_privileged();
    const char *only = trusted ? getenv("BJCA_CONF") : NULL;
    if (only && *only) {
        err = read_one(*config, only, true, where, size);
    } else {
        err = read_one(*config, "/etc/bjca/bjca.conf", false, where, size);
        char path[PATH_MAX] = "";
        if (trusted)
            user_file(path);
        if (err == BK_OK && *path)
            err = read_user(*config, path, where, size);
    }
    if (err != BK_OK)
        bk_config_free(config);
    return err;
}

const char *bk_config_unreached(const struct bk_config *config)
{
    return config ? config->unreached : NULL;
}

const char *bk_config_get(const struct bk_config *config, const char *section, const char *name,
                          const char *otherwise)
{
    const struct entry *e = config ? find(config, section, name) : NULL;
    return e ? e->value : otherwise;
}

static bool is_known(const struct entry *e, const struct bk_config_names *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; strcmp(known[i].section, e->section) == 0 && known[i].names[j]; j++)
            if (strcmp(known[i].names[j], e->name) == 0)
                return true;
    return false;
}

bool bk_config_unknown(const struct bk_config *config, const struct bk_config_names *known,
                       size_t count, struct bk_config_at *at)
{
    for (size_t i = at->next; config && i < config->count; i++) {
        const struct entry *e = &config->entries[i];
        if (is_known(e, known, count))
            continue;
        *at = (struct bk_config_at){e->file, e->section, e->name, e->line, i + 1};
        return true;
    }
    return false;
}

bool bk_config_unknown_here(const struct bk_config *config, struct bk_config_at *at)
{
    static const char *const key[] = {"virtual-key", "pcsc",        "pcsc-wait",
                                      "dialect",     "application", NULL};
    static const char *const module[] = {"sm2-slots", "login-isolation", "production-station",
                                         NULL};
    static const char *const log[] = {"file", "level", "trace", NULL};
    static const char *const tool[] = {"module", NULL};
    static const char *const production[] = {"staff",        "password-file", "device-key-file",
                                             "session-file", "shape",         NULL};
    static const char *const ca[] = {"sm2-id", NULL};
    static const char *const platform[] = {"url", "ca-file", NULL};
    static const struct bk_config_names known[] = {{"key", key}, {"module", module},
                                                   {"log", log}, {"tool", tool},
                                                   {"ca", ca},   {"platform", platform},
                                                   {"production", production}};
    return bk_config_unknown(config, known, sizeof known / sizeof *known, at);
}

enum bk_err bk_config_bool(const struct bk_config *config, const char *section, const char *name,
                           bool otherwise, bool *value)
{
    static const char *const words[2][4] = {{"no", "false", "off", "0"},
                                            {"yes", "true", "on", "1"}};
    const char *text = bk_config_get(config, section, name, NULL);
    *value = otherwise;
    for (int truth = 0; text && truth < 2; truth++) {
        for (int i = 0; i < 4; i++) {
            if (strcmp(text, words[truth][i]) == 0) {
                *value = truth;
                return BK_OK;
            }
        }
    }
    return text ? BK_EFORMAT : BK_OK;
}

enum bk_err bk_config_uint(const struct bk_config *config, const char *section, const char *name,
                           unsigned long min, unsigned long max, unsigned long otherwise,
                           unsigned long *value)
{
    const char *text = bk_config_get(config, section, name, NULL);
    *value = otherwise;
    if (!text)
        return BK_OK;
    if (!*text || text[strspn(text, "0123456789")] != 0)
        return BK_EFORMAT;
    errno = 0;
    unsigned long v = strtoul(text, NULL, 10);
    if (errno || v < min || v > max)
        return BK_EFORMAT;
    *value = v;
    return BK_OK;
}
